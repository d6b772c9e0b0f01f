/**
 * Anime2Sketch's generator, which draws the lines of drawings: pix2pix's U-Net of as many levels as its file has. Black on white, −1…1.
 *
 * @see Xiang et al. 2021, arXiv:2104.05703; Isola et al. 2017, arXiv:1611.07004; ControlNet-v1-1-nightly annotator/lineart_anime
 */
import {
  concatChannels,
  doublingConv,
  GraphBuilder,
  imageSize,
  instanceNorm,
  leakyRelu,
  multiply,
  addTo,
  relu,
  tanh,
  tensor,
  toNchw,
  type Value,
} from '../../graph';
import { AppError } from '../../errors';
import type { Shapes } from '../unet-signs';
import type { Annotator } from './annotator';
import { imageInput, namedConv, outChannels } from './layers';

export interface AnimeLinesConfig {
  /** Channels of each level, from the largest map downwards. */
  widths: number[];
}

const LEAST_LEVELS = 3;
const [SIDE, PAD, LEAK] = [4, 1, 0.2];

/** Modules lie within each other: each level's holds the next. */
const levelName = (level: number): string =>
  level === 0 ? 'model.model' : `model.model.1.model${'.3.model'.repeat(level - 1)}`;
const downName = (level: number): string => `${levelName(level)}.${level === 0 ? 0 : 1}`;
const upName = (level: number, { widths }: AnimeLinesConfig): string =>
  `${levelName(level)}.${level === 0 || level === widths.length - 1 ? 3 : 5}`;

export const animeLines: Annotator<AnimeLinesConfig> = {
  name: 'Anime2Sketch',
  files: ['netG.pth'],
  licence: 'MIT (Xiaoyu Xiang)',
  prefixes: ['module.'],
  signs: [`${downName(0)}.weight`, `${levelName(0)}.3.weight`, `${downName(1)}.weight`, `${downName(2)}.weight`],
  /** As the published one wants them. */
  multiple: 256,
  outputs: ['lines'],
  config: (tensors: Shapes) => {
    const widths: number[] = [];
    while (tensors.has(`${downName(widths.length)}.weight`))
      widths.push(outChannels(tensors, `${downName(widths.length)}.weight`));
    if (widths.length < LEAST_LEVELS) throw new AppError('bad-file', `it has ${widths.length} levels`);
    return { widths };
  },
  build(config, form) {
    const g = new GraphBuilder('anime_lines', form);
    const image = imageInput(g, 2 ** config.widths.length);
    const scaled = multiply(g, image, g.floats(Float32Array.of(1 / 127.5), [1]));
    const lines = level(g, addTo(g, scaled, g.floats(Float32Array.of(-1), [1])), 0, config);
    g.output('lines', toNchw(g, tanh(g, lines)));
    return g.build();
  },
};

/** A level and all below: the first takes the picture, of others x goes on beside what is made of it. */
function level(g: GraphBuilder, x: Value, at: number, config: AnimeLinesConfig): Value {
  const { widths } = config;
  const isLast = at === widths.length - 1;
  const seen = at === 0 ? x : leakyRelu(g, x, LEAK);
  const down = namedConv(g, seen, downName(at), widths[at], { side: SIDE, stride: 2, pad: PAD });
  const below = isLast ? down : level(g, at === 0 ? down : instanceNorm(g, down), at + 1, config);
  const name = upName(at, config);
  const out = at === 0 ? 1 : widths[at - 1];
  const kernel = tensor(`${name}.weight`, imageSize(g, below).channels, out, SIDE, SIDE);
  const up = doublingConv(g, relu(g, below), kernel, tensor(`${name}.bias`, out), { pad: PAD });
  return at === 0 ? up : concatChannels(g, x, instanceNorm(g, up));
}
