/**
 * PiDiNet: edges by differences of pixels, from four sizes, joined.
 *
 * @see Su et al. 2021, arXiv:2108.07009; github.com/hellozhuo/pidinet, whose "carv4" with dilations and attention the published file is (BGR in 0…1)
 */
import {
  addTo,
  channelwise,
  concatChannels,
  conv,
  dilatedConv,
  GraphBuilder,
  imageSize,
  maxPool,
  multiply,
  relu,
  resizeHalves,
  sigmoid,
  tensor,
  toNchw,
  type Value,
} from '../../graph';
import type { MadePlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { imageInput, namedConv, outChannels } from './layers';
import { plainKernels, sideOf, type Difference } from './pixel-differences';

export interface PidinetConfig {
  /** Channels of the four sizes. */
  widths: number[];
  /** Channels of the dilated convolutions. */
  spread: number;
}

/** What torch's training on several GPUs puts before each name. */
const PREFIX = 'module.';
/** Blocks of each size; from the second on the first halves the map. */
const BLOCKS = [3, 4, 4, 4];
/** How far the four kernels reach that look from afar. */
const DILATIONS = [5, 7, 9, 11];
/** Kind of each block in turn, beginning with what sees the picture. */
const KINDS: readonly Difference[] = ['central', 'angular', 'radial', 'plain'];
/** Channels of the attention. */
const ATTENTION = 4;

const blocksOf = (size: number): string[] =>
  Array.from({ length: BLOCKS[size] }, (_, i) => `block${size + 1}_${i + 1}`);
const allBlocks = (): string[] => BLOCKS.flatMap((_, size) => blocksOf(size));
const kindOf = (block: string): Difference => KINDS[(allBlocks().indexOf(block) + 1) % KINDS.length];

const FIRST = 'init_block.weight';

export const pidinet: Annotator<PidinetConfig> = {
  name: 'PiDiNet',
  files: ['table5_pidinet.pth'],
  licence: 'for research; other use by agreement with its authors (Zhuo Su, Wenzhe Liu)',
  prefixes: [PREFIX],
  signs: [FIRST, 'block1_1.conv1.weight', 'dilations.0.conv2_4.weight', 'attentions.0.conv1.weight', 'classifier.bias'],
  multiple: 8,
  outputs: ['edges'],
  config: (tensors) => ({
    widths: BLOCKS.map((_, size) => outChannels(tensors, `${blocksOf(size)[0]}.conv2.weight`)),
    spread: outChannels(tensors, 'dilations.0.conv1.weight'),
  }),
  /** A file whose radial kernels are 5 x 5 was turned into plain ones before. */
  makes(tensors: Shapes) {
    const isPlain = allBlocks().some((block) => tensors.get(`${block}.conv1.weight`)?.shape.at(-1) === WIDE);
    const made = new Map<string, MadePlace>();
    const shapeOf = (name: string): number[] => [...(tensors.get(name)?.shape ?? [])];
    made.set(FIRST, {
      from: [FIRST],
      shape: shapeOf(FIRST),
      make: ([weights]) => ofRgb(isPlain ? weights : plainKernels(KINDS[0], weights)),
    });
    for (const block of isPlain ? [] : allBlocks()) {
      const [name, kind] = [`${block}.conv1.weight`, kindOf(block)];
      const [channels = 0] = shapeOf(name);
      const shape = [channels, 1, sideOf(kind), sideOf(kind)];
      if (kind !== 'plain') made.set(name, { from: [name], shape, make: ([weights]) => plainKernels(kind, weights) });
    }
    return made;
  },
  build({ widths, spread }, form) {
    const g = new GraphBuilder('pidinet', form);
    const image = imageInput(g, pidinet.multiple);
    let x = conv(g, image, tensor(FIRST, widths[0], 3, 3, 3), undefined, { pads: [1, 1, 1, 1] });
    const maps = widths.map((to, size) => {
      blocksOf(size).forEach((block, i) => (x = differences(g, x, block, { to, isHalved: size > 0 && i === 0 })));
      const seen = attended(g, afar(g, x, `dilations.${size}`, spread), `attentions.${size}`);
      return resizeHalves(g, namedConv(g, seen, `conv_reduces.${size}.conv`, 1, { side: 1 }), toNchw(g, image));
    });
    const joined = namedConv(
      g,
      maps.reduce((a, b) => concatChannels(g, a, b)),
      'classifier',
      1,
      { side: 1 },
    );
    g.output('edges', toNchw(g, sigmoid(g, joined)));
    return g.build();
  },
};

const WIDE = 5;

/** Blue came first, in 0…1. @param kernels  [out, 3, 3, 3] */
function ofRgb(kernels: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const size = 9;
  return kernels.map((_, at) => {
    const [out, rest] = [Math.floor(at / (3 * size)), at % (3 * size)];
    const [channel, place] = [Math.floor(rest / size), rest % size];
    return kernels[(3 * out + 2 - channel) * size + place] / 255;
  });
}

/** A kernel for each channel, then all channels, and x. */
function differences(g: GraphBuilder, image: Value, name: string, o: { to: number; isHalved: boolean }): Value {
  const x = o.isHalved ? maxPool(g, image, { side: 2, stride: 2 }) : image;
  const { channels } = imageSize(g, x);
  const side = sideOf(kindOf(name));
  const seen = relu(g, channelwise(g, x, tensor(`${name}.conv1.weight`, channels, 1, side, side)));
  const made = conv(g, seen, tensor(`${name}.conv2.weight`, o.to, channels, 1, 1), undefined);
  return addTo(g, made, o.isHalved ? namedConv(g, x, `${name}.shortcut`, o.to, { side: 1 }) : x);
}

function afar(g: GraphBuilder, x: Value, name: string, spread: number): Value {
  const near = namedConv(g, relu(g, x), `${name}.conv1`, spread, { side: 1 });
  return DILATIONS.map((dilation, i) =>
    dilatedConv(g, near, { kernel: tensor(`${name}.conv2_${i + 1}.weight`, spread, spread, 3, 3), dilation }),
  ).reduce((a, b) => addTo(g, a, b));
}

function attended(g: GraphBuilder, x: Value, name: string): Value {
  const narrow = namedConv(g, relu(g, x), `${name}.conv1`, ATTENTION, { side: 1 });
  const kernel = tensor(`${name}.conv2.weight`, 1, ATTENTION, 3, 3);
  return multiply(g, x, sigmoid(g, conv(g, narrow, kernel, undefined, { pads: [1, 1, 1, 1] })));
}
