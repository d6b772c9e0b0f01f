/** Operations that look through windows: pools, reflected borders, norms of one map, convolutions that enlarge or keep to a channel. */
import { times, plus, windows, type Dim } from './dims';
import type { GraphBuilder, Value } from './graph';
import { fromNchw, imageSize, toNchw } from './image-ops';
import { exprShape, type WeightExpr } from './weight-expr';

export interface PoolOptions {
  side: number;
  stride: number;
  /** Padding on each side; what lies there never counts. */
  pad?: number;
}

/** The greatest in each window. @see torch.nn.functional.max_pool2d */
export function maxPool(g: GraphBuilder, image: Value, { side, stride, pad = 0 }: PoolOptions): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const shrunk = (dim: Dim) => windows(dim, { kernel: side, stride, padding: 2 * pad });
  const [y] = g.node('MaxPool', {
    inputs: [toNchw(g, image)],
    attributes: { kernel_shape: [side, side], strides: [stride, stride], pads: [pad, pad, pad, pad] },
    outputs: [[batch, channels, shrunk(height), shrunk(width)]],
  });
  return fromNchw(g, y);
}

/** `pad` pixels more on each side, mirrored at the border pixel. @see torch.nn.ReflectionPad2d */
export function reflectPad(g: GraphBuilder, image: Value, pad: number): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const [y] = g.node('Pad', {
    inputs: [toNchw(g, image), g.integers(0, 0, pad, pad, 0, 0, pad, pad)],
    attributes: { mode: 'reflect' },
    outputs: [[batch, channels, plus(height, 2 * pad), plus(width, 2 * pad)]],
  });
  return fromNchw(g, y);
}

/** Each map to mean 0 and variance 1. @see torch.nn.InstanceNorm2d, which has no weights by default */
export function instanceNorm(g: GraphBuilder, image: Value, epsilon = 1e-5): Value {
  const { channels } = imageSize(g, image);
  const x = toNchw(g, image);
  const [y] = g.node('InstanceNormalization', {
    inputs: [
      x,
      g.floats(new Float32Array(channels).fill(1), [channels]),
      g.floats(new Float32Array(channels), [channels]),
    ],
    attributes: { epsilon: { float: epsilon } },
    outputs: [x.dims],
  });
  return fromNchw(g, y);
}

/** Doubles height and width; `kernel` is [in, out, k, k]. @param pads as torch's padding and output_padding */
export function doublingConv(
  g: GraphBuilder,
  image: Value,
  kernel: WeightExpr,
  bias: WeightExpr,
  { pad, outputPad = 0 }: { pad: number; outputPad?: number },
): Value {
  const { batch, height, width } = imageSize(g, image);
  const [, out, side] = exprShape(kernel);
  if (side - 2 * pad + outputPad !== 2) throw new RangeError(`A kernel of ${side} with these borders does not double.`);
  const [y] = g.node('ConvTranspose', {
    inputs: [toNchw(g, image), g.weight(kernel), g.weight(bias)],
    attributes: {
      kernel_shape: [side, side],
      strides: [2, 2],
      pads: [pad, pad, pad, pad],
      output_padding: [outputPad, outputPad],
    },
    outputs: [[batch, out, times(2, height), times(2, width)]],
  });
  return fromNchw(g, y);
}

export interface ChannelwiseOptions {
  bias?: WeightExpr;
  stride?: number;
  /** top, left, bottom, right; half the kernel where nothing is said. */
  pads?: readonly [number, number, number, number];
}

/** Each channel for itself; `kernel` is [out, 1, k, k], out a multiple of the channels. */
export function channelwise(g: GraphBuilder, image: Value, kernel: WeightExpr, o: ChannelwiseOptions = {}): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const [out, , side] = exprShape(kernel);
  const half = (side - 1) / 2;
  const { stride = 1, pads = [half, half, half, half], bias } = o;
  const [high, wide] = [
    windows(height, { kernel: side, stride, padding: pads[0] + pads[2] }),
    windows(width, { kernel: side, stride, padding: pads[1] + pads[3] }),
  ];
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, image), g.weight(kernel), bias && g.weight(bias)],
    attributes: { kernel_shape: [side, side], strides: [stride, stride], pads, group: channels },
    outputs: [[batch, out, high, wide]],
  });
  return fromNchw(g, y);
}

/** In the size of the map, 3 × 3. */
export const channelwiseConv = (g: GraphBuilder, image: Value, kernel: WeightExpr, bias: WeightExpr): Value =>
  channelwise(g, image, kernel, { bias });

/** In the size of the map; `kernel` is [out, in, 3, 3], its pixels so far apart. */
export function dilatedConv(
  g: GraphBuilder,
  image: Value,
  { kernel, bias, dilation }: { kernel: WeightExpr; bias?: WeightExpr; dilation: number },
): Value {
  const { batch, height, width } = imageSize(g, image);
  const [out, , side] = exprShape(kernel);
  const pads = [dilation, dilation, dilation, dilation];
  const [y] = g.node('Conv', {
    inputs: [toNchw(g, image), g.weight(kernel), bias && g.weight(bias)],
    attributes: { kernel_shape: [side, side], strides: [1, 1], dilations: [dilation, dilation], pads },
    outputs: [[batch, out, height, width]],
  });
  return fromNchw(g, y);
}
