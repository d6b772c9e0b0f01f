/**
 * SPAN: six blocks whose output is weighted by how far it is from nothing. Its convolutions are read fused: span-files.ts.
 * @see Wan et al. 2023, arXiv:2311.12770; github.com/hongyuanyu/SPAN basicsr/archs/span_arch.py
 */
import {
  addTo,
  channelConstant,
  concatChannels,
  GraphBuilder,
  multiply,
  pixelShuffle,
  sigmoid,
  silu,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { network } from '../network';
import { ConfigReader } from '../read-config';
import { count, pictureInput, pictureOutput, PLANES, sameConv } from './layers';

export interface SpanConfig {
  /** Channels of the maps between. */
  features: number;
  scale: number;
  /** Whether it reads levels of 255 around the mean of its training pictures. */
  normalises: boolean;
}

export const SPAN_BLOCKS = 6;

/** Mean colours of DIV2K, red, green and blue. @see span_arch.py: rgb_mean, img_range */
const MEANS = [0.4488, 0.4371, 0.404];
const RANGE = 255;

function readSpanConfig(file: string, json: unknown): SpanConfig {
  const c = new ConfigReader(file, json);
  return { features: c.size('features'), scale: count(c, 'scale', 8), normalises: c.flag('normalises', true) };
}

function buildSpan({ features, scale, normalises }: SpanConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('span_upscaler', form);
  const image = pictureInput(g);
  const first = sameConv(g, normalises ? normalised(g, image) : image, 'conv_1', features);
  const outputs: Value[] = [];
  let block: Block = { out: first, first };
  for (let i = 1; i <= SPAN_BLOCKS; i++) {
    block = attentionBlock(g, block.out, `block_${i}`, features);
    outputs.push(block.out);
  }
  const last = sameConv(g, block.out, 'conv_2', features);
  const all = [last, outputs[0], block.first].reduce((joined, map) => concatChannels(g, joined, map), first);
  const joined = sameConv(g, all, 'conv_cat', features, { side: 1 });
  pictureOutput(g, pixelShuffle(g, sameConv(g, joined, 'upsampler.0', PLANES * scale ** 2), scale));
  return g.build();
}

function normalised(g: GraphBuilder, image: Value): Value {
  const means = channelConstant(
    g,
    MEANS.map((mean) => -mean),
  );
  return multiply(g, addTo(g, image, means), g.floats(Float32Array.of(RANGE), [1]));
}

interface Block {
  out: Value;
  /** Output of its first convolution, activated. */
  first: Value;
}

function attentionBlock(g: GraphBuilder, x: Value, name: string, features: number): Block {
  const first = silu(g, sameConv(g, x, `${name}.c1_r`, features));
  const second = silu(g, sameConv(g, first, `${name}.c2_r`, features));
  const third = sameConv(g, second, `${name}.c3_r`, features);
  const weight = addTo(g, sigmoid(g, third), g.floats(Float32Array.of(-0.5), [1]));
  return { out: multiply(g, addTo(g, third, x), weight), first };
}

export const span = network<SpanConfig>({
  read: readSpanConfig,
  sizes: ({ scale }) => ({ upscaler: { scale, multiple: 1, reach: 3 * SPAN_BLOCKS + 3 } }),
  layers: () => 3 * SPAN_BLOCKS,
  build: buildSpan,
});
