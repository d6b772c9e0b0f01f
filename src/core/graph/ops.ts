/**
 * One function per operation of the models, each in the form its target runs: values in, value out.
 *
 * "Image" values are feature maps: [batch, h, w, c] on `webgpu`, [batch, c, h, w] on `portable`. Callers never look at
 * the order; `imageSize` reads it. "Token" values are [batch, tokens, width] everywhere.
 */
import type { Dim, GraphBuilder, Value } from './graph';
import { padRows, reshape, transpose, type WeightExpr } from './weight-expr';

const MS = 'com.microsoft';

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];

export interface ImageSize {
  batch: Dim;
  channels: number;
  height: number;
  width: number;
}

export function imageSize(g: GraphBuilder, image: Value): ImageSize {
  const [batch, a, b, c] = image.dims as [Dim, number, number, number];
  return g.target === 'webgpu'
    ? { batch, height: a, width: b, channels: c }
    : { batch, channels: a, height: b, width: c };
}

function imageDims(g: GraphBuilder, { batch, channels, height, width }: ImageSize): Dim[] {
  return g.target === 'webgpu' ? [batch, height, width, channels] : [batch, channels, height, width];
}

function permute(g: GraphBuilder, x: Value, order: readonly number[]): Value {
  const dims = order.map((axis) => x.dims[axis]);
  return g.node('Transpose', { inputs: [x], attributes: { perm: order }, outputs: [dims] })[0];
}

/** [batch, c, h, w] of the graph's face → image. */
export const fromNchw = (g: GraphBuilder, x: Value): Value => (g.target === 'webgpu' ? permute(g, x, TO_NHWC) : x);

/** Image → [batch, c, h, w]. */
export const toNchw = (g: GraphBuilder, image: Value): Value =>
  g.target === 'webgpu' ? permute(g, image, TO_NCHW) : image;

/** Image → tokens [batch, h·w, c]. */
export function imageToTokens(g: GraphBuilder, image: Value): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  if (g.target === 'webgpu')
    return reshapeTo(g, image, [batch, height * width, channels], [0, height * width, channels]);
  return permute(g, reshapeTo(g, image, [batch, channels, height * width], [0, channels, height * width]), [0, 2, 1]);
}

/** Tokens [batch, h·w, c] → image. */
export function tokensToImage(g: GraphBuilder, tokens: Value, height: number, width: number): Value {
  const [batch, , channels] = tokens.dims as [Dim, number, number];
  if (g.target === 'webgpu')
    return reshapeTo(g, tokens, [batch, height, width, channels], [0, height, width, channels]);
  return reshapeTo(g, permute(g, tokens, [0, 2, 1]), [batch, channels, height, width], [0, channels, height, width]);
}

/** `shape` as ONNX writes it: 0 copies the input's dimension. */
export function reshapeTo(g: GraphBuilder, x: Value, dims: readonly Dim[], shape: readonly number[]): Value {
  return g.node('Reshape', { inputs: [x, g.integers(...shape)], outputs: [dims] })[0];
}

export interface ConvOptions {
  stride?: number;
  /** top, left, bottom, right */
  pads?: readonly [number, number, number, number];
}

/**
 * 2-D convolution; `kernel` is [out, in, k, k], `bias` [out], which may be computed at run time.
 *
 * On webgpu the Transposes around it are cancelled by ONNX Runtime's layout pass. Output channels that are no multiple
 * of 4 would fall to its scalar kernel: there zero rows are added and cut off again.
 */
export function conv(
  g: GraphBuilder,
  image: Value,
  kernel: WeightExpr,
  bias: WeightExpr | Value | undefined,
  o: ConvOptions = {},
): Value {
  const { stride = 1, pads = [0, 0, 0, 0] } = o;
  const size = imageSize(g, image);
  const [out, , kernelHeight, kernelWidth] = g.weight(kernel).dims as number[];
  const padded = g.target === 'webgpu' ? Math.ceil(out / 4) * 4 : out;
  const pad = (expr: WeightExpr): WeightExpr => (padded === out ? expr : padRows(expr, padded));
  const biasValue = bias && 'op' in bias ? g.weight(pad(bias)) : bias;
  const height = Math.floor((size.height + pads[0] + pads[2] - kernelHeight) / stride) + 1;
  const width = Math.floor((size.width + pads[1] + pads[3] - kernelWidth) / stride) + 1;
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, image), g.weight(pad(kernel)), biasValue],
    attributes: { kernel_shape: [kernelHeight, kernelWidth], strides: [stride, stride], pads },
    outputs: [[size.batch, padded, height, width]],
  });
  const result = fromNchw(g, y);
  return padded === out ? result : firstChannels(g, result, out);
}

function firstChannels(g: GraphBuilder, image: Value, channels: number): Value {
  const axis = g.target === 'webgpu' ? 3 : 1;
  const dims = imageDims(g, { ...imageSize(g, image), channels });
  return g.node('Slice', {
    inputs: [image, g.integers(0), g.integers(channels), g.integers(axis), g.integers(1)],
    outputs: [dims],
  })[0];
}

export interface GroupNormOptions {
  groups: number;
  epsilon: number;
  /** SiLU on the result, in the same kernel where there is one. */
  silu: boolean;
}

/** Group normalisation over `groups` groups of channels; gamma and beta are [c]. */
export function groupNorm(
  g: GraphBuilder,
  image: Value,
  gamma: WeightExpr,
  beta: WeightExpr,
  o: GroupNormOptions,
): Value {
  if (g.target === 'webgpu')
    return g.node('GroupNorm', {
      domain: MS,
      inputs: [image, g.weight(gamma), g.weight(beta)],
      attributes: { activation: o.silu ? 1 : 0, channels_last: 1, epsilon: { float: o.epsilon }, groups: o.groups },
      outputs: [image.dims],
    })[0];
  const [batch, channels, height, width] = image.dims as [Dim, number, number, number];
  const grouped = reshapeTo(g, image, [batch, o.groups, (channels / o.groups) * height * width], [0, o.groups, -1]);
  const [normal] = g.node('InstanceNormalization', {
    inputs: [
      grouped,
      g.constant(new Float32Array(o.groups).fill(1), [o.groups]),
      g.constant(new Float32Array(o.groups), [o.groups]),
    ],
    attributes: { epsilon: { float: o.epsilon } },
    outputs: [grouped.dims],
  });
  const flat = reshapeTo(g, normal, image.dims, [0, channels, height, width]);
  const scaled = multiply(g, flat, g.weight(reshape(gamma, channels, 1, 1)));
  const shifted = addTo(g, scaled, g.weight(reshape(beta, channels, 1, 1)));
  return o.silu ? silu(g, shifted) : shifted;
}

/** Elementwise sum, in the shape of `a`. */
export const addTo = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node('Add', { inputs: [a, b], outputs: [a.dims] })[0];

/** image + vector [batch, c], the same at every pixel. */
export function addPerChannel(g: GraphBuilder, image: Value, vector: Value): Value {
  const [batch, channels] = vector.dims as [Dim, number];
  const dims = imageDims(g, { batch, channels, height: 1, width: 1 });
  const spread = reshapeTo(g, vector, dims, g.target === 'webgpu' ? [0, 1, 1, channels] : [0, channels, 1, 1]);
  return addTo(g, image, spread);
}

/** Elementwise product, in the shape of `a`. */
export const multiply = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.node('Mul', { inputs: [a, b], outputs: [a.dims] })[0];

/** x·sigmoid(x) */
export const silu = (g: GraphBuilder, x: Value): Value => quickGelu(g, x, 1);

/** x·sigmoid(alpha·x); CLIP-L's activation with alpha 1.702. */
export const quickGelu = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.node('QuickGelu', { domain: MS, inputs: [x], attributes: { alpha: { float: alpha } }, outputs: [x.dims] })[0];

/** The exact (erf) GELU. */
export const gelu = (g: GraphBuilder, x: Value): Value => g.node('Gelu', { inputs: [x], outputs: [x.dims] })[0];

/** x @ weightᵀ + bias over the last axis; `weight` is [out, in] as checkpoints store it, `bias` [out]. */
export function linear(g: GraphBuilder, x: Value, weight: WeightExpr, bias?: WeightExpr): Value {
  const matrix = g.weight(transpose(weight));
  const dims = [...x.dims.slice(0, -1), matrix.dims[1]];
  const [y] = g.node('MatMul', { inputs: [x, matrix], outputs: [dims] });
  return bias ? addTo(g, y, g.weight(bias)) : y;
}

export function layerNorm(g: GraphBuilder, x: Value, gamma: WeightExpr, beta: WeightExpr, epsilon: number): Value {
  return g.node('LayerNormalization', {
    inputs: [x, g.weight(gamma), g.weight(beta)],
    attributes: { axis: -1, epsilon: { float: epsilon } },
    outputs: [x.dims],
  })[0];
}

export interface SkipLayerNormInputs {
  /** Output of a linear layer without its bias: [batch, tokens, width]. */
  x: Value;
  skip: Value;
  bias: WeightExpr;
  gamma: WeightExpr;
  beta: WeightExpr;
  epsilon: number;
}

/** sum = x + bias + skip; normal = LayerNorm(sum): residual and next norm in one kernel. */
export function skipLayerNorm(g: GraphBuilder, i: SkipLayerNormInputs): { normal: Value; sum: Value } {
  const [normal, sum] = g.node('SkipLayerNormalization', {
    domain: MS,
    inputs: [i.x, i.skip, g.weight(i.gamma), g.weight(i.beta), g.weight(i.bias)],
    attributes: { epsilon: { float: i.epsilon } },
    outputs: [i.x.dims, undefined, undefined, i.x.dims],
  });
  return { normal, sum };
}

export interface AttentionOptions {
  heads: number;
  /** Each token sees itself and those before it. */
  causal?: boolean;
}

/** softmax(q kᵀ / √headSize) v over heads; q is [batch, n, width], k and v [batch, m, width]. */
export function attention(
  g: GraphBuilder,
  q: Value,
  k: Value,
  v: Value,
  { heads, causal = false }: AttentionOptions,
): Value {
  return g.node('MultiHeadAttention', {
    domain: MS,
    inputs: [q, k, v],
    attributes: { num_heads: heads, ...(causal ? { unidirectional: 1 } : {}) },
    outputs: [q.dims],
  })[0];
}

/** GEGLU of x + bias [.., 2h]: first half times gelu(second half). */
export function geglu(g: GraphBuilder, x: Value, bias: WeightExpr): Value {
  const width = (x.dims.at(-1) as number) / 2;
  const dims = [...x.dims.slice(0, -1), width];
  if (g.target === 'webgpu')
    return g.node('BiasSplitGelu', { domain: MS, inputs: [x, g.weight(bias)], outputs: [dims] })[0];
  const [value, gate] = g.node('Split', {
    inputs: [addTo(g, x, g.weight(bias))],
    attributes: { axis: -1, num_outputs: 2 },
    outputs: [dims, dims],
  });
  return multiply(g, value, gelu(g, gate));
}

/** Twice the height and width, each pixel repeated. */
export function upsample2x(g: GraphBuilder, image: Value): Value {
  const size = imageSize(g, image);
  const scales = imageDims(g, { batch: 1, channels: 1, height: 2, width: 2 }) as number[];
  return g.node('Resize', {
    inputs: [image, undefined, g.constant(Float32Array.from(scales), [4])],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    outputs: [imageDims(g, { ...size, height: size.height * 2, width: size.width * 2 })],
  })[0];
}

/** Channels of `a`, then those of `b`. */
export function concatChannels(g: GraphBuilder, a: Value, b: Value): Value {
  const size = imageSize(g, a);
  return g.node('Concat', {
    inputs: [a, b],
    attributes: { axis: g.target === 'webgpu' ? 3 : 1 },
    outputs: [imageDims(g, { ...size, channels: size.channels + imageSize(g, b).channels })],
  })[0];
}
