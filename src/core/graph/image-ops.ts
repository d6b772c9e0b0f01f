/**
 * One function per operation of the models, each in the form its target runs: values in, value out.
 *
 * "Image" values are feature maps: [batch, h, w, c] on `webgpu`, [batch, c, h, w] on `portable`. Callers never look at
 * the order; `imageSize` reads it. "Token" values are [batch, tokens, width] everywhere.
 */
import { addTo, multiply, reshapeTo, silu } from './ops';
import type { Dim } from './dims';
import type { GraphBuilder, Value } from './graph';
import { exprShape, padColumns, padRows, reshape, type WeightExpr } from './weight-expr';

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

export interface ConvOptions {
  stride?: number;
  /** top, left, bottom, right */
  pads?: readonly [number, number, number, number];
}

/** Channels on webgpu come in fours: its kernels read and write four at a time. */
const LANES = 4;

/**
 * 2-D convolution; `kernel` is [out, in, k, k], `bias` [out], which may be computed at run time.
 *
 * On webgpu the Transposes around it are cancelled by ONNX Runtime's layout pass. Output channels that are no multiple
 * of 4 would fall to its scalar kernel: there zero rows are added and cut off again. Of 9 input channels its kernel makes
 * wrong numbers without a word (1.31-dev, 2026-11: a relative error of 0.7); zeros are added to them too.
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
  const [out, channels, kernelHeight, kernelWidth] = exprShape(kernel);
  const inLanes = g.target === 'webgpu' && channels > LANES ? inFours(channels) : channels;
  const outLanes = g.target === 'webgpu' ? inFours(out) : out;
  const padOut = (expr: WeightExpr): WeightExpr => (outLanes === out ? expr : padRows(expr, outLanes));
  const padIn = (expr: WeightExpr): WeightExpr => (inLanes === channels ? expr : padColumns(expr, inLanes));
  const biasValue = bias && 'op' in bias ? g.weight(padOut(bias)) : bias;
  const height = Math.floor((size.height + pads[0] + pads[2] - kernelHeight) / stride) + 1;
  const width = Math.floor((size.width + pads[1] + pads[3] - kernelWidth) / stride) + 1;
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, zeroChannels(g, image, inLanes)), g.weight(padOut(padIn(kernel))), biasValue],
    attributes: { kernel_shape: [kernelHeight, kernelWidth], strides: [stride, stride], pads },
    outputs: [[size.batch, outLanes, height, width]],
  });
  const result = fromNchw(g, y);
  return outLanes === out ? result : firstChannels(g, result, out);
}

const inFours = (channels: number): number => Math.ceil(channels / LANES) * LANES;

/** Zeros behind the channels until there are `channels`. */
function zeroChannels(g: GraphBuilder, image: Value, channels: number): Value {
  const size = imageSize(g, image);
  if (size.channels === channels) return image;
  const behind = imageDims(g, { batch: 0, channels: channels - size.channels, height: 0, width: 0 }) as number[];
  return g.node('Pad', {
    inputs: [image, g.integers(0, 0, 0, 0, ...behind)],
    outputs: [imageDims(g, { ...size, channels })],
  })[0];
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
      g.floats(new Float32Array(o.groups).fill(1), [o.groups]),
      g.floats(new Float32Array(o.groups), [o.groups]),
    ],
    attributes: { epsilon: { float: o.epsilon } },
    outputs: [grouped.dims],
  });
  const flat = reshapeTo(g, normal, image.dims, [0, channels, height, width]);
  const scaled = multiply(g, flat, g.weight(reshape(gamma, channels, 1, 1)));
  const shifted = addTo(g, scaled, g.weight(reshape(beta, channels, 1, 1)));
  return o.silu ? silu(g, shifted) : shifted;
}

/** image + vector [batch, c], the same at every pixel. */
export function addPerChannel(g: GraphBuilder, image: Value, vector: Value): Value {
  const [batch, channels] = vector.dims as [Dim, number];
  const dims = imageDims(g, { batch, channels, height: 1, width: 1 });
  const spread = reshapeTo(g, vector, dims, g.target === 'webgpu' ? [0, 1, 1, channels] : [0, channels, 1, 1]);
  return addTo(g, image, spread);
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
