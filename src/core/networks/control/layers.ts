/** Layers that ControlNets and T2I-Adapters are made of beside the U-Net's. */
import { ceilDivide, fromNchw, imageDims, imageSize, toNchw, type GraphBuilder, type Value } from '../../graph';

/** [batch, c, h, w] → [batch, c, 1, 1] */
export function meanOfMap(g: GraphBuilder, image: Value): Value {
  const size = imageSize(g, image);
  const axes = g.target === 'webgpu' ? [1, 2] : [2, 3];
  return g.node('ReduceMean', {
    inputs: [image, g.integers(...axes)],
    attributes: { keepdims: 1 },
    outputs: [imageDims(g, { ...size, height: 1, width: 1 })],
  })[0];
}

/** Half the height and width, rounded up: means of 2 x 2, of what there is at an odd edge. @see torch.nn.AvgPool2d(2, 2, ceil_mode=True) */
export function halved(g: GraphBuilder, image: Value): Value {
  const size = imageSize(g, image);
  const [y] = g.node('AveragePool', {
    inputs: [toNchw(g, image)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
    outputs: [[size.batch, size.channels, ceilDivide(size.height, 2), ceilDivide(size.width, 2)]],
  });
  return fromNchw(g, y);
}
