/** Operations of networks that work on pictures: pixels to channels and back, and their activations. */
import { floorDivide, times, type Dim } from './dims';
import type { GraphBuilder, Value } from './graph';
import { fromNchw, imageDims, imageSize, toNchw } from './image-ops';
import { addTo, multiply, relu } from './ops';
import { exprShape, reshape, type WeightExpr } from './weight-expr';

export const sigmoid = (g: GraphBuilder, x: Value): Value => g.node('Sigmoid', { inputs: [x], outputs: [x.dims] })[0];

/** x where it is above 0, else alpha·x. */
export const leakyRelu = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.node('LeakyRelu', { inputs: [x], attributes: { alpha: { float: alpha } }, outputs: [x.dims] })[0];

export function clip(g: GraphBuilder, x: Value, least: number, most: number): Value {
  const bounds = [least, most].map((bound) => g.floats(Float32Array.of(bound), []));
  return g.node('Clip', { inputs: [x, ...bounds], outputs: [x.dims] })[0];
}

/** One channel more behind the others, everywhere this number. */
export function constantChannel(g: GraphBuilder, image: Value, value: number): Value {
  const size = imageSize(g, image);
  const behind = imageDims(g, { batch: 0, channels: 1, height: 0, width: 0 }) as number[];
  return g.node('Pad', {
    inputs: [image, g.integers(0, 0, 0, 0, ...behind), g.floats(Float32Array.of(value), [])],
    outputs: [imageDims(g, { ...size, channels: size.channels + 1 })],
  })[0];
}

/** A number for each channel of an image, in the form in which it is added to one or multiplied with it. */
export function channelConstant(g: GraphBuilder, numbers: readonly number[]): Value {
  const dims = g.target === 'webgpu' ? [numbers.length] : [numbers.length, 1, 1];
  return g.floats(Float32Array.from(numbers), dims);
}

/**
 * x where it is above 0, else slope·x; `slope` is [c].
 *
 * ONNX Runtime has no PRelu on WebGPU (1.31-dev, 2026-11), and would fetch the map to the CPU for it: four small kernels.
 */
export function prelu(g: GraphBuilder, image: Value, slope: WeightExpr): Value {
  const [channels] = exprShape(slope);
  if (g.target === 'portable') {
    const inputs = [image, g.weight(reshape(slope, channels, 1, 1))];
    return g.node('PRelu', { inputs, outputs: [image.dims] })[0];
  }
  const above = relu(g, image);
  const [below] = g.node('Sub', { inputs: [image, above], outputs: [image.dims] });
  return addTo(g, above, multiply(g, below, g.weight(slope)));
}

/** Each pixel `factor` times as high and wide. */
export function repeatPixels(g: GraphBuilder, image: Value, factor: number): Value {
  if (factor === 1) return image;
  const scales = imageDims(g, { batch: 1, channels: 1, height: factor, width: factor }) as number[];
  return g.node('Resize', {
    inputs: [image, undefined, g.constant(Float32Array.from(scales), [4])],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    outputs: [enlarged(g, image, factor)],
  })[0];
}

function enlarged(g: GraphBuilder, image: Value, factor: number): Dim[] {
  const { height, width, ...size } = imageSize(g, image);
  return imageDims(g, { ...size, height: times(factor, height), width: times(factor, width) });
}

/** [b, c·factor², h, w] becomes [b, c, factor·h, factor·w]. @see torch.nn.PixelShuffle */
export function pixelShuffle(g: GraphBuilder, image: Value, factor: number): Value {
  if (factor === 1) return image;
  const { batch, channels, height, width } = imageSize(g, image);
  const [y] = g.node('DepthToSpace', {
    inputs: [toNchw(g, image)],
    attributes: { blocksize: factor, mode: 'CRD' },
    outputs: [[batch, channels / factor ** 2, times(factor, height), times(factor, width)]],
  });
  return fromNchw(g, y);
}

/**
 * [b, c, factor·h, factor·w] becomes [b, c·factor², h, w], as a convolution whose every output is one of its inputs:
 * SpaceToDepth has another order of channels. @see torch.nn.PixelUnshuffle
 */
export function pixelUnshuffle(g: GraphBuilder, image: Value, factor: number): Value {
  if (factor === 1) return image;
  const { batch, channels, height, width } = imageSize(g, image);
  const out = channels * factor ** 2;
  const kernel = Float32Array.from({ length: out * out }, (_, i) => (i % (out + 1) === 0 ? 1 : 0));
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, image), g.floats(kernel, [out, channels, factor, factor])],
    attributes: { kernel_shape: [factor, factor], strides: [factor, factor], pads: [0, 0, 0, 0] },
    outputs: [[batch, out, floorDivide(height, factor), floorDivide(width, factor)]],
  });
  return fromNchw(g, y);
}
