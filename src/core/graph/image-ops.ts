/**
 * One function per operation of the models, each in the form its target runs: values in, value out.
 *
 * "Image" values are feature maps: [batch, h, w, c] on `webgpu`, [batch, c, h, w] on `portable`. Callers never look at
 * the order; `imageSize` reads it. "Token" values are [batch, tokens, width] everywhere.
 */
import { addTo, biasAdd, linear, multiply, reshapeTo, silu, withBranches } from './ops';
import { times, windows, type Dim } from './dims';
import type { GraphBuilder, Value } from './graph';
import { promiseResidual, takeResidual, type Residual } from './residual';
import { wrapEdges, type Pads } from './wrap-edges';
import {
  elementCount,
  exprShape,
  padColumns,
  padRows,
  reshape,
  rowsOf,
  transpose,
  type WeightExpr,
} from './weight-expr';

const MS = 'com.microsoft';

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];

export interface ImageSize {
  batch: Dim;
  channels: number;
  height: Dim;
  width: Dim;
}

export function imageSize(g: GraphBuilder, image: Value): ImageSize {
  const [batch, a, b, c] = image.dims;
  return g.target === 'webgpu'
    ? { batch, height: a, width: b, channels: c as number }
    : { batch, channels: a as number, height: b, width: c };
}

export function imageDims(g: GraphBuilder, { batch, channels, height, width }: ImageSize): Dim[] {
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
  const count = times(height, width);
  if (g.target === 'webgpu') return reshapeTo(g, image, [batch, count, channels], [0, -1, channels]);
  return permute(g, reshapeTo(g, image, [batch, channels, count], [0, channels, -1]), [0, 2, 1]);
}

/**
 * Every pixel @ weightᵀ + bias, as tokens: `weight` is [c, c] of as many channels as the image has. On `webgpu` one kernel, where `linear` takes
 * another for the bias: Gemm has one, for matrices.
 */
export function pixelsLinear(g: GraphBuilder, image: Value, weight: WeightExpr, bias: WeightExpr): Value {
  if (g.target === 'portable' || g.nbitsForm(weight)) return linear(g, imageToTokens(g, image), weight, bias);
  const { batch, channels, height, width } = imageSize(g, image);
  const rows = reshapeTo(g, image, [times(batch, times(height, width)), channels], [-1, channels]);
  const [y] = g.node('Gemm', { inputs: [rows, g.weight(transpose(weight)), g.weight(bias)], outputs: [rows.dims] });
  const made = g.node('Reshape', { inputs: [y, g.shapeOf(image)], outputs: [image.dims] })[0];
  const tokens = imageToTokens(g, made);
  return g.branches(weight).length > 0 ? withBranches(g, tokens, { x: imageToTokens(g, image), weight }) : tokens;
}

/** Tokens [batch, h·w, c] → image of the same size as `like`, which has as many channels. */
export function tokensToImage(g: GraphBuilder, tokens: Value, like: Value): Value {
  const rows = g.target === 'webgpu' ? tokens : permute(g, tokens, [0, 2, 1]);
  return g.node('Reshape', { inputs: [rows, g.shapeOf(like)], outputs: [like.dims] })[0];
}

export interface ConvOptions {
  stride?: number;
  /** top, left, bottom, right */
  pads?: Pads;
}

/** Kernels on webgpu read and write four channels at a time. */
const LANES = 4;

/**
 * 2-D convolution; `kernel` is [out, in, k, k], `bias` [out], which may be computed at run time.
 *
 * On webgpu the Transposes around it are cancelled by ONNX Runtime's layout pass. Output channels that are no multiple
 * of 4 would get its slow scalar kernel: zero rows are added and cut off again. With 9 input channels its kernel gives
 * wrong numbers and no error (1.31-dev, 2026-11: a relative error of 0.7), so zero channels are added there too. Branches of the kernel
 * (LoRAs) are added to the result.
 */
export function conv(
  g: GraphBuilder,
  image: Value,
  kernel: WeightExpr,
  bias: WeightExpr | Value | undefined,
  o: ConvOptions = {},
): Value {
  let y = ownConv(g, image, kernel, bias, o);
  for (const { down, up, factor } of g.branches(kernel)) {
    const low = multiply(g, ownConv(g, image, down, undefined, o), ofChannels(g, factor));
    const [out, rank] = exprShape(up);
    y = addTo(g, y, ownConv(g, low, reshape(up, out, rank, 1, 1), undefined, {}));
  }
  return y;
}

/** Numbers [channels] as they are multiplied with maps of this target. */
function ofChannels(g: GraphBuilder, values: Value): Value {
  const [count] = values.dims;
  if (count === 1 || g.target === 'webgpu') return values;
  const shape = [Number(count), 1, 1];
  return g.node('Reshape', { inputs: [values, g.integers(...shape)], outputs: [shape] })[0];
}

function ownConv(
  g: GraphBuilder,
  image: Value,
  kernel: WeightExpr,
  bias: WeightExpr | Value | undefined,
  o: ConvOptions,
): Value {
  const { stride = 1 } = o;
  const parts = inParts(g, kernel, bias);
  if (parts)
    return parts.map((part) => ownConv(g, image, part.kernel, part.bias, o)).reduce((a, b) => concatChannels(g, a, b));
  const { image: seen, pads } = wrapEdges(g, image, o.pads ?? [0, 0, 0, 0], g.tiling);
  const size = imageSize(g, seen);
  const [out, channels, kernelHeight, kernelWidth] = exprShape(kernel);
  const inLanes = g.target === 'webgpu' && channels > LANES ? inFours(channels) : channels;
  const outLanes = g.target === 'webgpu' ? inFours(out) : out;
  const padOut = (expr: WeightExpr): WeightExpr => (outLanes === out ? expr : padRows(expr, outLanes));
  const padIn = (expr: WeightExpr): WeightExpr => (inLanes === channels ? expr : padColumns(expr, inLanes));
  const biasValue = bias && 'op' in bias ? g.weight(padOut(bias)) : bias;
  const height = windows(size.height, { kernel: kernelHeight, stride, padding: pads[0] + pads[2] });
  const width = windows(size.width, { kernel: kernelWidth, stride, padding: pads[1] + pads[3] });
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, zeroChannels(g, seen, inLanes)), g.kernel(padOut(padIn(kernel))), biasValue],
    attributes: { kernel_shape: [kernelHeight, kernelWidth], strides: [stride, stride], pads },
    outputs: [[size.batch, outLanes, height, width]],
  });
  const result = fromNchw(g, y);
  return outLanes === out ? result : firstChannels(g, result, out);
}

/** At most so many numbers of a packed kernel are widened at a time: ONNX Runtime makes a second copy of them in its own layout. */
const MOST_WIDENED = 16e6;

/** Splits a kernel that is widened in each run, and is too large to be widened at once, in halves of its output channels. */
function inParts(g: GraphBuilder, kernel: WeightExpr, bias: WeightExpr | Value | undefined) {
  const shape = exprShape(kernel);
  const half = shape[0] / 2;
  if (elementCount(shape) <= MOST_WIDENED || half % LANES !== 0 || !g.staysPacked(kernel)) return undefined;
  const kernels = [0, half].map((from) => rowsOf(kernel, from, half));
  if (!bias || 'op' in bias)
    return kernels.map((part, i) => ({ kernel: part, bias: bias && rowsOf(bias, i * half, half) }));
  const sizes = g.integers(half, half);
  const halves = g.node('Split', { inputs: [bias, sizes], attributes: { axis: 0 }, outputs: [[half], [half]] });
  return kernels.map((part, i) => ({ kernel: part, bias: halves[i] }));
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
  if (g.target === 'webgpu') return fusedGroupNorm(g, image, [g.weight(gamma), g.weight(beta)], o);
  const { batch, channels, height, width } = imageSize(g, image);
  const rows = times(channels / o.groups, height);
  const grouped = reshapeTo(g, image, [batch, o.groups, rows, width], [0, o.groups, -1, 0]);
  const [normal] = g.node('InstanceNormalization', {
    inputs: [
      grouped,
      g.floats(new Float32Array(o.groups).fill(1), [o.groups]),
      g.floats(new Float32Array(o.groups), [o.groups]),
    ],
    attributes: { epsilon: { float: o.epsilon } },
    outputs: [grouped.dims],
  });
  const flat = reshapeTo(g, normal, image.dims, [0, channels, -1, 0]);
  const scaled = multiply(g, flat, g.weight(reshape(gamma, channels, 1, 1)));
  const shifted = addTo(g, scaled, g.weight(reshape(beta, channels, 1, 1)));
  return o.silu ? silu(g, shifted) : shifted;
}

/** Where `image` is a sum that was not computed yet, the same kernels compute it: residual.ts. */
function fusedGroupNorm(g: GraphBuilder, image: Value, weights: readonly Value[], o: GroupNormOptions): Value {
  const { groups, epsilon, silu: isActive } = o;
  const attributes = { activation: isActive ? 1 : 0, channels_last: 1, epsilon: { float: epsilon }, groups };
  const residual = takeResidual(g, image);
  if (!residual)
    return g.node('GroupNorm', { domain: MS, inputs: [image, ...weights], attributes, outputs: [image.dims] })[0];
  const { x, skip, bias } = residual;
  const normal = g.reserve(image.dims);
  const isEverywhere = skip.dims.length < image.dims.length;
  const inputs = [isEverywhere ? x : asImage(g, x, skip), ...weights, skip, ...(bias ? [g.weight(bias)] : [])];
  // nothing else reads the sum of an image and a vector
  g.nodeInto('SkipGroupNorm', inputs, isEverywhere ? [normal] : [normal, image], attributes, MS);
  return normal;
}

/** Tokens as an image of the same size as `like`; what is an image stays as it is. */
const asImage = (g: GraphBuilder, x: Value, like: Value): Value =>
  x.dims.length === like.dims.length ? x : tokensToImage(g, x, like);

/**
 * x + skip, x being an image or tokens in the order of one, skip an image. On `webgpu` with a bias too, and made by the group norm behind it where
 * there is one: residual.ts.
 */
export function residualSum(g: GraphBuilder, residual: Residual): Value {
  const { x, skip, bias } = residual;
  if (g.target === 'portable') return addTo(g, skip, asImage(g, x, skip));
  return promiseResidual(g, residual, (into) => {
    if (!bias) return g.nodeInto('Add', [skip, asImage(g, x, skip)], [into], {});
    const added = biasAdd(g, { x, bias, skip: imageToTokens(g, skip) });
    g.nodeInto('Reshape', [added, g.shapeOf(skip)], [into], {});
  });
}

/** image + vector [batch, c], the same at every pixel, for a group norm alone: on `webgpu` that adds it (residual.ts). */
export function addPerChannel(g: GraphBuilder, image: Value, vector: Value): Value {
  const [batch, channels] = vector.dims as [Dim, number];
  const dims = imageDims(g, { batch, channels, height: 1, width: 1 });
  const spread = (): Value =>
    reshapeTo(g, vector, dims, g.target === 'webgpu' ? [0, 1, 1, channels] : [0, channels, 1, 1]);
  if (g.target === 'portable') return addTo(g, image, spread());
  return promiseResidual(g, { x: image, skip: vector }, (into) => g.nodeInto('Add', [image, spread()], [into], {}));
}

const REPEATED = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };

/** Twice the height and width, each pixel repeated. */
export function upsample2x(g: GraphBuilder, image: Value): Value {
  const size = imageSize(g, image);
  const scales = imageDims(g, { batch: 1, channels: 1, height: 2, width: 2 }) as number[];
  return g.node('Resize', {
    inputs: [image, undefined, g.constant(Float32Array.from(scales), [4])],
    attributes: REPEATED,
    outputs: [imageDims(g, { ...size, height: times(2, size.height), width: times(2, size.width) })],
  })[0];
}

/**
 * The height and width of `like`, pixels repeated: each takes the pixel at ⌊position · own size / size of like⌋.
 * @see torch.nn.functional.interpolate(size=…, mode='nearest')
 */
export function upsampleTo(g: GraphBuilder, image: Value, like: Value): Value {
  const { height, width } = imageSize(g, like);
  const first = g.target === 'webgpu' ? 1 : 2;
  return g.node('Resize', {
    inputs: [image, undefined, undefined, g.shapeOf(like, first, first + 2)],
    attributes: { ...REPEATED, axes: [first, first + 1] },
    outputs: [imageDims(g, { ...imageSize(g, image), height, width })],
  })[0];
}

/** Channels of `a`, then those of `b`, and so on. */
export function concatChannels(g: GraphBuilder, ...images: readonly [Value, ...Value[]]): Value {
  const channels = images.reduce((sum, image) => sum + imageSize(g, image).channels, 0);
  return g.node('Concat', {
    inputs: images,
    attributes: { axis: channelAxis(g) },
    outputs: [imageDims(g, { ...imageSize(g, images[0]), channels })],
  })[0];
}

export const channelAxis = ({ target }: Pick<GraphBuilder, 'target'>): number => (target === 'webgpu' ? 3 : 1);
