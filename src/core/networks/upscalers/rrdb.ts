/**
 * RRDBNet: residual dense blocks within residual blocks, then the map is enlarged by two as often as needed. ESRGAN, BSRGAN, Real-ESRGAN.
 * @see Wang et al. 2018, arXiv:1809.00219; github.com/xinntao/BasicSR basicsr/archs/rrdbnet_arch.py
 */
import {
  addTo,
  concatChannels,
  GraphBuilder,
  imageSize,
  leakyRelu,
  multiply,
  pixelUnshuffle,
  upsample2x,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { network } from '../network';
import { ConfigReader } from '../read-config';
import { count, pictureInput, pictureOutput, PLANES, sameConv } from './layers';

export interface RrdbConfig {
  /** Channels of the maps between. */
  features: number;
  /** Channels that each convolution of a block adds. */
  growth: number;
  blocks: number;
  /** How often the map is enlarged by two; it is made smaller by `unshuffle` first. */
  upsamplings: number;
  unshuffle: number;
}

/** What a block adds of its own. @see rrdbnet_arch.py: "Empirically, we use 0.2 to scale the residual" */
const RESIDUAL = 0.2;
const SLOPE = 0.2;
const DENSE_BLOCKS = [1, 2, 3];
const CONVOLUTIONS = 5;

function readRrdbConfig(file: string, json: unknown): RrdbConfig {
  const c = new ConfigReader(file, json);
  const upsamplings = c.number('upsamplings');
  if (![0, 1, 2, 3].includes(upsamplings)) c.unsupported('upsamplings', upsamplings, 'none to three');
  const unshuffle = c.size('unshuffle');
  if (![1, 2, 4].includes(unshuffle) || unshuffle > 2 ** upsamplings)
    c.unsupported('unshuffle', unshuffle, '1, 2 or 4, and no smaller picture than the first');
  return { features: c.size('features'), growth: c.size('growth'), blocks: count(c, 'blocks'), upsamplings, unshuffle };
}

function buildRrdb(config: RrdbConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('rrdb_upscaler', form);
  const { features, blocks, upsamplings, unshuffle } = config;
  const first = sameConv(g, pixelUnshuffle(g, pictureInput(g, unshuffle), unshuffle), 'conv_first', features);
  let x = first;
  for (let i = 0; i < blocks; i++) x = outerBlock(g, x, `body.${i}`, config);
  x = addTo(g, first, sameConv(g, x, 'conv_body', features));
  const active = (name: string, map: Value): Value => leakyRelu(g, sameConv(g, map, name, features), SLOPE);
  for (let i = 1; i <= upsamplings; i++) x = active(`conv_up${i}`, upsample2x(g, x));
  pictureOutput(g, sameConv(g, active('conv_hr', x), 'conv_last', PLANES));
  return g.build();
}

function outerBlock(g: GraphBuilder, x: Value, name: string, config: RrdbConfig): Value {
  const inner = DENSE_BLOCKS.reduce((map, i) => denseBlock(g, map, `${name}.rdb${i}`, config), x);
  return addTo(g, multiply(g, inner, g.floats(Float32Array.of(RESIDUAL), [1])), x);
}

/** Each convolution reads all before it. */
function denseBlock(g: GraphBuilder, x: Value, name: string, { growth }: RrdbConfig): Value {
  let all = x;
  for (let i = 1; i < CONVOLUTIONS; i++)
    all = concatChannels(g, all, leakyRelu(g, sameConv(g, all, `${name}.conv${i}`, growth), SLOPE));
  const { channels } = imageSize(g, x);
  return addTo(g, sameConv(g, all, `${name}.conv${CONVOLUTIONS}`, channels, { factor: RESIDUAL }), x);
}

export const rrdb = network<RrdbConfig>({
  read: readRrdbConfig,
  sizes: ({ upsamplings, unshuffle, blocks }) => ({
    upscaler: { scale: 2 ** upsamplings / unshuffle, multiple: unshuffle, blocks },
  }),
  layers: ({ blocks }) => blocks * DENSE_BLOCKS.length * CONVOLUTIONS,
  build: buildRrdb,
});
