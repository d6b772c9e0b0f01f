/**
 * TEED, the tiny and efficient edge detector: 58,000 parameters, three maps of edges and one made of them.
 *
 * @see Soria et al. 2023, arXiv:2308.06468; github.com/xavysp/TEED ted.py (RGB 0…255, maps averaged before the sigmoid)
 */
import {
  addTo,
  channelwiseConv,
  concatChannels,
  doublingConv,
  fromNchw,
  GraphBuilder,
  imageSize,
  maxPool,
  multiply,
  sigmoid,
  tanh,
  tensor,
  toNchw,
} from '../../graph';
import type { Value } from '../../graph';
import type { Annotator } from './annotator';
import { imageInput, namedConv, outChannels } from './layers';

export interface TeedConfig {
  /** Channels of the three blocks. */
  first: number;
  second: number;
  third: number;
  /** Channels of what is made larger in two steps, between them. */
  between: number;
}

/** Maps that are fused, and how many each becomes. */
const [MAPS, SPREAD] = [3, 8];

export const teed: Annotator<TeedConfig> = {
  name: 'TEED',
  files: ['7_model.pth'],
  licence: 'MIT (Xavier Soria)',
  signs: ['block_1.conv1.weight', 'dblock_3.denselayer1.conv1.weight', 'block_cat.DWconv1.weight'],
  multiple: 8,
  outputs: ['edges_1', 'edges_2', 'edges_3', 'edges_4'],
  config: (tensors) => ({
    first: outChannels(tensors, 'block_1.conv2.weight'),
    second: outChannels(tensors, 'block_2.conv2.weight'),
    third: outChannels(tensors, 'dblock_3.denselayer1.conv2.weight'),
    between: outChannels(tensors, 'up_block_3.features.0.weight'),
  }),
  build({ first, second, third, between }, form) {
    const g = new GraphBuilder('teed', form);
    const image = imageInput(g, teed.multiple);
    let one = smish(g, namedConv(g, image, 'block_1.conv1', first, { stride: 2 }));
    one = smish(g, namedConv(g, one, 'block_1.conv2', first));
    const two = namedConv(g, smish(g, namedConv(g, one, 'block_2.conv1', second)), 'block_2.conv2', second);
    const down = maxPool(g, two, { side: 3, stride: 2, pad: 1 });
    const side = addTo(g, down, namedConv(g, one, 'side_1.conv', second, { side: 1, stride: 2 }));
    const three = dense(g, side, namedConv(g, down, 'pre_dense_3.conv', third, { side: 1 }));
    const maps = [
      enlarged(g, one, 'up_block_1.features', [1]),
      enlarged(g, two, 'up_block_2.features', [1]),
      enlarged(g, three, 'up_block_3.features', [between, 1]),
    ];
    maps.forEach((map, i) => g.output(`edges_${i + 1}`, toNchw(g, map)));
    const fused = fuse(
      g,
      maps.reduce((a, b) => concatChannels(g, a, b)),
    );
    g.output('edges_4', toNchw(g, fused));
    return g.build();
  },
};

/** x·tanh(ln(1 + sigmoid(x))) */
function smish(g: GraphBuilder, x: Value): Value {
  const [log] = g.node('Log', { inputs: [addTo(g, sigmoid(g, x), one(g))], outputs: [x.dims] });
  return multiply(g, x, tanh(g, log));
}

const one = (g: GraphBuilder): Value => g.floats(Float32Array.of(1), [1]);

/** The mean of what two convolutions make of x, and of y. */
function dense(g: GraphBuilder, x: Value, y: Value): Value {
  const name = 'dblock_3.denselayer1';
  const { channels } = imageSize(g, y);
  const wide = smish(g, namedConv(g, smish(g, x), `${name}.conv1`, channels, { pad: 2 }));
  const made = namedConv(g, wide, `${name}.conv2`, channels, { pad: 0 });
  return multiply(g, addTo(g, y, made), g.floats(Float32Array.of(0.5), [1]));
}

/** Doubled once for each of `widths`, to so many channels; the kernels are as wide as all is enlarged. */
function enlarged(g: GraphBuilder, x: Value, name: string, widths: readonly number[]): Value {
  const side = 2 ** widths.length;
  return widths.reduce((map, width, i) => {
    const mixed = smish(g, namedConv(g, map, `${name}.${3 * i}`, width, { side: 1 }));
    const kernel = tensor(`${name}.${3 * i + 2}.weight`, width, width, side, side);
    return doublingConv(g, mixed, kernel, tensor(`${name}.${3 * i + 2}.bias`, width), { pad: side / 2 - 1 });
  }, x);
}

function fuse(g: GraphBuilder, maps: Value): Value {
  const channelwise = (x: Value, name: string) => {
    const kernel = tensor(`block_cat.${name}.weight`, MAPS * SPREAD, 1, 3, 3);
    return channelwiseConv(g, smish(g, x), kernel, tensor(`block_cat.${name}.bias`, MAPS * SPREAD));
  };
  const spread = channelwise(maps, 'DWconv1');
  return smish(g, summed(g, addTo(g, channelwise(spread, 'DWconv2'), spread)));
}

/** Sum of an image's channels. */
function summed(g: GraphBuilder, image: Value): Value {
  const { batch, height, width } = imageSize(g, image);
  const [y] = g.node('ReduceSum', {
    inputs: [toNchw(g, image), g.integers(1)],
    attributes: { keepdims: 1 },
    outputs: [[batch, 1, height, width]],
  });
  return fromNchw(g, y);
}
