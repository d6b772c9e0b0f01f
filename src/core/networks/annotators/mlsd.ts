/**
 * M-LSD, the large one: straight lines, each as a point in its middle and the way from there to its ends.
 *
 * @see Gu et al. 2021, arXiv:2106.00186; github.com/navervision/mlsd, lihaoweicv/mlsd_pytorch (RGB and a plane of ones, each / 127.5 − 1)
 */
import {
  addTo,
  channelConstant,
  channelwise,
  clip,
  concatChannels,
  constantChannel,
  conv,
  dilatedConv,
  GraphBuilder,
  imageSize,
  multiply,
  relu,
  resizeBilinear,
  rowsOf,
  tensor,
  toNchw,
  type Value,
} from '../../graph';
import type { MadePlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { imageInput, namedConv, outChannels } from './layers';

export interface MlsdConfig {
  /** Channels after each of the backbone's parts, what sees the picture first. */
  widths: number[];
  /** Channels within each of the backbone's parts. */
  inner: number[];
  /** Channels of the two maps that are joined, and of what is made of both, from the smallest map upwards. */
  joins: { own: number; below: number; to: number }[];
  last: number;
}

/** Parts of the backbone: which halve the map, and after which a map is kept for the way up. */
const PARTS = 14;
const HALVING = [0, 2, 4, 7];
const KEPT = [1, 3, 6, 10, 13];
/** Blocks of the way up: that join two maps. */
const JOINS = [15, 17, 19, 21];
const LAST = 23;
const DILATION = 5;
/** What is read of the last channels: the middle's score, and the ways to both ends. */
export const MLSD_OUTPUTS = ['middle', 'start_x', 'start_y', 'end_x', 'end_y'] as const;
const FIRST_OUTPUT = 7;

const part = (i: number): string => `backbone.features.${i}`;
/** What torch's BatchNorm2d adds to the variance. */
const EPSILON = 1e-5;

/** Names of convolutions, each with those of the norm behind it. */
function norms(): Map<string, string> {
  const found = new Map([[`${part(0)}.0`, `${part(0)}.1`]]);
  for (let i = 1; i < PARTS; i++) {
    const name = `${part(i)}.conv`;
    const wide = i === 1 ? [0] : [0, 1];
    for (const at of wide) found.set(`${name}.${at}.0`, `${name}.${at}.1`);
    found.set(`${name}.${wide.length}`, `${name}.${wide.length + 1}`);
  }
  for (const join of JOINS)
    for (const block of [join, join + 1])
      for (const side of ['conv1', 'conv2']) found.set(`block${block}.${side}.0`, `block${block}.${side}.1`);
  for (const side of ['conv1', 'conv2']) found.set(`block${LAST}.${side}.0`, `block${LAST}.${side}.1`);
  return found;
}

export const mlsd: Annotator<MlsdConfig> = {
  name: 'M-LSD',
  files: ['mlsd_large_512_fp32.pth'],
  licence: 'Apache-2.0 (NAVER)',
  signs: [`${part(0)}.0.weight`, `${part(13)}.conv.2.weight`, 'block15.conv1.0.weight', 'block23.conv3.weight'],
  multiple: 16,
  outputs: MLSD_OUTPUTS,
  config: (tensors) => ({
    widths: Array.from({ length: PARTS }, (_, i) =>
      outChannels(tensors, i === 0 ? `${part(0)}.0.weight` : `${part(i)}.conv.${i === 1 ? 1 : 2}.weight`),
    ),
    inner: Array.from({ length: PARTS }, (_, i) => (i === 0 ? 0 : outChannels(tensors, `${part(i)}.conv.0.0.weight`))),
    joins: JOINS.map((join) => ({
      below: outChannels(tensors, `block${join}.conv1.0.weight`),
      own: outChannels(tensors, `block${join}.conv2.0.weight`),
      to: outChannels(tensors, `block${join + 1}.conv2.0.weight`),
    })),
    last: outChannels(tensors, 'block23.conv3.weight'),
  }),
  /** Norms are worked into the convolutions before them. */
  makes(tensors: Shapes) {
    const made = new Map<string, MadePlace>();
    for (const [name, norm] of norms()) {
      const shape = [...(tensors.get(`${name}.weight`)?.shape ?? [])];
      const scales = [`${norm}.weight`, `${norm}.running_var`];
      const from = [...scales, `${norm}.bias`, `${norm}.running_mean`];
      const bias = tensors.has(`${name}.bias`) ? [`${name}.bias`] : [];
      made.set(`${name}.weight`, {
        from: [`${name}.weight`, ...scales],
        shape,
        make: ([kernel, ...of]) => scaled(kernel, of),
      });
      made.set(`${name}.bias`, { from: [...from, ...bias], shape: shape.slice(0, 1), make: shifts });
    }
    return made;
  },
  build({ widths, inner, joins, last }, form) {
    const g = new GraphBuilder('mlsd', form);
    let x = stem(g, widths[0]);
    const kept: Value[] = [];
    for (let i = 1; i < PARTS; i++) {
      x = inverted(g, x, { i, inner: inner[i], to: widths[i] });
      if (KEPT.includes(i)) kept.push(x);
    }
    joins.forEach((sizes, i) => {
      const own = kept[kept.length - 2 - i];
      x = joined(g, own, x, { block: JOINS[i], isEnlarged: i > 0, ...sizes });
    });
    const { channels } = imageSize(g, x);
    const name = `block${LAST}`;
    const kernel = tensor(`${name}.conv1.0.weight`, channels, channels, 3, 3);
    const far = relu(
      g,
      dilatedConv(g, x, { kernel, bias: tensor(`${name}.conv1.0.bias`, channels), dilation: DILATION }),
    );
    const near = relu(g, namedConv(g, far, `${name}.conv2.0`, channels));
    MLSD_OUTPUTS.forEach((output, i) => {
      const kernels = rowsOf(tensor(`${name}.conv3.weight`, last, channels, 1, 1), FIRST_OUTPUT + i, 1);
      const map = conv(g, near, kernels, rowsOf(tensor(`${name}.conv3.bias`, last), FIRST_OUTPUT + i, 1));
      g.output(output, toNchw(g, map));
    });
    return g.build();
  },
};

const deviations = ([gain, variance]: readonly Float32Array[]): Float32Array =>
  gain.map((value, i) => value / Math.sqrt(variance[i] + EPSILON));

/** @param kernel  [out, ...] @param of  gain and variance, [out] each */
function scaled(kernel: Float32Array<ArrayBuffer>, of: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const by = deviations(of);
  const size = kernel.length / by.length;
  return kernel.map((value, i) => value * by[Math.floor(i / size)]);
}

/** @param all  gain, variance, bias and mean of the norm, and the convolution's bias where it has one */
function shifts([gain, variance, bias, mean, own]: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  const by = deviations([gain, variance]);
  return bias.map((value, i) => value + ((own?.[i] ?? 0) - mean[i]) * by[i]);
}

const clipped = (g: GraphBuilder, x: Value): Value => clip(g, x, 0, 6);

/** What halves a map has its border on the right and below alone. */
const halving = (isHalved: boolean): { stride: number; pads: [number, number, number, number] } =>
  isHalved ? { stride: 2, pads: [0, 0, 1, 1] } : { stride: 1, pads: [1, 1, 1, 1] };

function stem(g: GraphBuilder, to: number): Value {
  const scaledImage = multiply(
    g,
    imageInput(g, mlsd.multiple),
    channelConstant(
      g,
      [1, 1, 1].map(() => 1 / 127.5),
    ),
  );
  const image = addTo(g, scaledImage, channelConstant(g, [-1, -1, -1]));
  const seen = constantChannel(g, image, 1 / 127.5 - 1);
  const name = `${part(0)}.0`;
  return clipped(g, conv(g, seen, tensor(`${name}.weight`, to, 4, 3, 3), tensor(`${name}.bias`, to), halving(true)));
}

/** Widened, each channel for itself, narrowed; and x where it is as large. */
function inverted(g: GraphBuilder, x: Value, { i, inner, to }: { i: number; inner: number; to: number }): Value {
  const { channels } = imageSize(g, x);
  const name = `${part(i)}.conv`;
  const isWidened = i > 1;
  const wide = isWidened ? clipped(g, namedConv(g, x, `${name}.0.0`, inner, { side: 1 })) : x;
  const own = `${name}.${isWidened ? 1 : 0}.0`;
  const isHalved = HALVING.includes(i);
  const kernel = tensor(`${own}.weight`, inner, 1, 3, 3);
  const seen = clipped(g, channelwise(g, wide, kernel, { bias: tensor(`${own}.bias`, inner), ...halving(isHalved) }));
  const narrow = namedConv(g, seen, `${name}.${isWidened ? 2 : 1}`, to, { side: 1 });
  return !isHalved && channels === to ? addTo(g, narrow, x) : narrow;
}

interface Join {
  block: number;
  isEnlarged: boolean;
  own: number;
  below: number;
  to: number;
}

/** A map of the way down, and what is below, made as large. */
function joined(g: GraphBuilder, map: Value, below: Value, { block, isEnlarged, ...sizes }: Join): Value {
  const small = relu(g, namedConv(g, below, `block${block}.conv1.0`, sizes.below, { side: 1 }));
  const own = relu(g, namedConv(g, map, `block${block}.conv2.0`, sizes.own, { side: 1 }));
  const both = concatChannels(g, own, isEnlarged ? resizeBilinear(g, small, { factor: 2 }) : small);
  const next = `block${block + 1}`;
  const seen = addTo(g, relu(g, namedConv(g, both, `${next}.conv1.0`, sizes.own + sizes.below)), both);
  return relu(g, namedConv(g, seen, `${next}.conv2.0`, sizes.to));
}
