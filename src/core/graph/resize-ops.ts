/** Maps made larger or smaller smoothly, and by convolutions whose windows do not overlap. */
import { times } from './dims';
import type { GraphBuilder, Value } from './graph';
import { fromNchw, imageSize, toNchw } from './image-ops';
import { castTo } from './ops';
import { exprShape, type WeightExpr } from './weight-expr';

/** Resizes [b, c, h, w] to the size of another, or so many times as large; corners stay corners. @see torch.nn.functional.interpolate, align_corners */
export function resizeBilinear(g: GraphBuilder, image: Value, to: { like: Value } | { factor: number }): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const inputs = [toNchw(g, image)];
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
  if ('factor' in to) {
    const { factor } = to;
    const [y] = g.node('Resize', {
      inputs: [...inputs, undefined, g.constant(Float32Array.of(1, 1, factor, factor), [4])],
      attributes,
      outputs: [[batch, channels, times(factor, height), times(factor, width)]],
    });
    return fromNchw(g, y);
  }
  const [high, wide] = to.like.dims.slice(2);
  const [y] = g.node('Resize', {
    inputs: [...inputs, undefined, undefined, g.shapeOf(to.like, 2, 4)],
    attributes: { ...attributes, axes: [2, 3] },
    outputs: [[batch, channels, high, wide]],
  });
  return fromNchw(g, y);
}

/**
 * To the height and width of `like` [b, c, h, w], or so many times as large; corners are halves of pixels.
 * @see torch.nn.functional.interpolate, bilinear
 */
export function resizeHalves(g: GraphBuilder, image: Value, to: Value | number): Value {
  const { batch, channels, height, width } = imageSize(g, image);
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  if (typeof to === 'number') {
    const [y] = g.node('Resize', {
      inputs: [toNchw(g, image), undefined, g.constant(Float32Array.of(1, 1, to, to), [4])],
      attributes,
      outputs: [[batch, channels, times(to, height), times(to, width)]],
    });
    return fromNchw(g, y);
  }
  const [high, wide] = to.dims.slice(2);
  const [y] = g.node('Resize', {
    inputs: [toNchw(g, image), undefined, undefined, g.shapeOf(to, 2, 4)],
    attributes: { ...attributes, axes: [2, 3] },
    outputs: [[batch, channels, high, wide]],
  });
  return fromNchw(g, y);
}

/** OpenCV's slope, and torch's. */
const SLOPE = -0.75;

/**
 * x [b, c, h, w] → image of the height and width of `like`; corners are halves of pixels. @see torch.nn.functional.interpolate, bicubic
 *
 * In float32: ONNX Runtime's kernel does not compile in half precision on WebGPU (1.31-dev, 2026-11, "Invalid ShaderModule ResizeBiCubic").
 */
export function resizeCubic(g: GraphBuilder, x: Value, like: Value): Value {
  const [batch, channels] = x.dims;
  const seen = toNchw(g, like);
  const [, , height, width] = seen.dims;
  const [y] = g.node('Resize', {
    inputs: [castTo(g, x, 'float32'), undefined, undefined, g.shapeOf(seen, 2, 4)],
    attributes: {
      mode: 'cubic',
      coordinate_transformation_mode: 'half_pixel',
      cubic_coeff_a: { float: SLOPE },
      axes: [2, 3],
    },
    outputs: [[batch, channels, height, width]],
    type: 'float32',
  });
  return fromNchw(g, castTo(g, y, g.activations));
}

/** An image as many times as high and wide as the kernel [in, out, k, k] is. @see torch.nn.ConvTranspose2d with stride k */
export function steppingConv(g: GraphBuilder, image: Value, kernel: WeightExpr, bias: WeightExpr): Value {
  const { batch, height, width } = imageSize(g, image);
  const [, out, side] = exprShape(kernel);
  const [y] = g.node('ConvTranspose', {
    inputs: [toNchw(g, image), g.weight(kernel), g.weight(bias)],
    attributes: { kernel_shape: [side, side], strides: [side, side], pads: [0, 0, 0, 0] },
    outputs: [[batch, out, times(side, height), times(side, width)]],
  });
  return fromNchw(g, y);
}
