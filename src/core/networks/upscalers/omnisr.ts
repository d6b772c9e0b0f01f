/**
 * OmniSR: blocks in which pixels see those near and those spread over the picture, and channels each other; a mean of the whole picture weighs
 * channels, too, so that a patch of a picture is not quite what the whole would be there.
 * @see Wang et al. 2023, arXiv:2304.10244; github.com/Francis0625/Omni-SR components/OmniSR.py
 */
import {
  addTo,
  channelwise,
  conv,
  fromNchw,
  gelu,
  GraphBuilder,
  imageSize,
  layerNorm,
  linear,
  maxPool,
  multiply,
  pixelShuffle,
  reshape,
  resizeHalves,
  sigmoid,
  silu,
  tensor,
  toNchw,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { network } from '../network';
import { ConfigReader } from '../read-config';
import { count, pictureInput, pictureOutput, PLANES, sameConv } from './layers';
import { channelAttention, channelsLast, HEADS, parted, toImage, windowAttention } from './omnisr-attention';
import type { Layout } from './omnisr-windows';

export interface OmniSrConfig {
  /** Channels of the maps between. */
  features: number;
  groups: number;
  /** Blocks in a group. */
  blocks: number;
  /** Pixels along a side of a window. */
  window: number;
  scale: number;
  /** Whether a pixel knows where in its window it is. */
  hasPositions: boolean;
}

/** Largest window that is built: scores are the fourth power of it. */
const MOST_WINDOW = 16;
const MAP_EPSILON = 1e-6;
const TOKEN_EPSILON = 1e-5;
/** A pool of 7 pixels over half the picture must fit in it. */
const LEAST_SIDE = 16;

function readOmniSrConfig(file: string, json: unknown): OmniSrConfig {
  const c = new ConfigReader(file, json);
  const features = count(c, 'features', 512);
  if (features % HEADS !== 0) c.fail('features', features, `must be a multiple of ${HEADS}`);
  return {
    features,
    groups: count(c, 'groups'),
    blocks: count(c, 'blocks'),
    window: count(c, 'window', MOST_WINDOW),
    scale: count(c, 'scale', 8),
    hasPositions: c.flag('hasPositions', true),
  };
}

/** Channels of the map that weighs a group's pixels. @see components/OSAG.py */
export const weighingChannels = (features: number): number => Math.max(Math.floor(features / 4), 16);

function buildOmniSr(config: OmniSrConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('omnisr_upscaler', form);
  const { features, groups, blocks, window, scale } = config;
  const first = sameConv(g, pictureInput(g, window), 'input', features);
  let x = first;
  for (let group = 0; group < groups; group++) {
    const name = `residual_layer.${group}`;
    let inner = x;
    for (let block = 0; block < blocks; block++)
      inner = innerBlock(g, inner, `${name}.residual_layer.${block}.layer`, config);
    inner = sameConv(g, inner, `${name}.residual_layer.${blocks}`, features, { side: 1 });
    x = weighed(g, addTo(g, inner, x), `${name}.esa`);
  }
  x = addTo(g, sameConv(g, x, 'output', features), first);
  pictureOutput(g, pixelShuffle(g, sameConv(g, x, 'up.0', PLANES * scale ** 2), scale));
  return g.build();
}

/** Convolutions, then what is near and what is spread, each followed by channels and by gated convolutions. */
function innerBlock(g: GraphBuilder, image: Value, name: string, config: OmniSrConfig): Value {
  let x = channelsLast(g, squeezed(g, image, `${name}.0.fn`));
  const places: [Layout, number][] = [
    ['blocks', 2],
    ['grid', 8],
  ];
  for (const [layout, at] of places) {
    const { window: side, hasPositions } = config;
    const inWindow = { name: `${name}.${at}.fn`, side, layout, hasPositions };
    x = addTo(g, windowAttention(g, norm(g, x, `${name}.${at}.norm`, TOKEN_EPSILON), inWindow), x);
    x = gated(g, x, `${name}.${at + 2}`);
    const ofChannels = { name: `${name}.${at + 3}.fn`, side, layout };
    x = addTo(g, channelAttention(g, norm(g, x, `${name}.${at + 3}.norm`, MAP_EPSILON), ofChannels), x);
    x = gated(g, x, `${name}.${at + 4}`);
  }
  return toImage(g, x);
}

const norm = (g: GraphBuilder, x: Value, name: string, epsilon: number): Value => {
  const channels = x.dims[3] as number;
  return layerNorm(g, x, tensor(`${name}.weight`, channels), tensor(`${name}.bias`, channels), epsilon);
};

/** x [batch, height, width, channels]; half of the channels decide how much of the others is let through. */
function gated(g: GraphBuilder, x: Value, name: string): Value {
  const channels = x.dims[3] as number;
  const pixelwise = (part: string, from: Value, out: number): Value => {
    const inner = from.dims[3] as number;
    return linear(g, from, reshape(tensor(`${name}.fn.${part}.weight`, out, inner, 1, 1), out, inner));
  };
  const wide = pixelwise('project_in', norm(g, x, `${name}.norm`, MAP_EPSILON), 2 * channels);
  const near = channelwise(g, toImage(g, wide), tensor(`${name}.fn.dwconv.weight`, 2 * channels, 1, 3, 3));
  const [gate, value] = parted(g, channelsLast(g, near), 2);
  return addTo(g, pixelwise('project_out', multiply(g, gelu(g, gate), value), channels), x);
}

/** MBConv: each channel for itself, weighed by the mean of the whole. */
function squeezed(g: GraphBuilder, image: Value, name: string): Value {
  const { channels } = imageSize(g, image);
  const within = gelu(g, sameConv(g, image, `${name}.0`, channels, { side: 1 }));
  const bias = tensor(`${name}.2.bias`, channels);
  const near = gelu(g, channelwise(g, within, tensor(`${name}.2.weight`, channels, 1, 3, 3), { bias }));
  const { batch } = imageSize(g, near);
  const [mean] = g.node('GlobalAveragePool', { inputs: [toNchw(g, near)], outputs: [[batch, channels, 1, 1]] });
  const few = Math.floor(channels / 4);
  const plain = (part: string, from: Value, out: number, inner: number): Value =>
    conv(g, from, reshape(tensor(`${name}.4.gate.${part}.weight`, out, inner), out, inner, 1, 1), undefined);
  const weights = sigmoid(g, plain('3', silu(g, plain('1', fromNchw(g, mean), few, channels)), channels, few));
  return addTo(g, sameConv(g, multiply(g, near, weights), `${name}.5`, channels, { side: 1 }), image);
}

/** Enhanced spatial attention: how much of each pixel is kept, by what lies far around it. */
function weighed(g: GraphBuilder, x: Value, name: string): Value {
  const { channels } = imageSize(g, x);
  const few = weighingChannels(channels);
  const low = sameConv(g, x, `${name}.conv1`, few, { side: 1 });
  const half = conv(g, low, tensor(`${name}.conv2.weight`, few, few, 3, 3), tensor(`${name}.conv2.bias`, few), {
    stride: 2,
  });
  const far = sameConv(g, maxPool(g, half, { side: 7, stride: 3 }), `${name}.conv3`, few);
  const seen = addTo(g, resizeHalves(g, far, toNchw(g, low)), sameConv(g, low, `${name}.conv_f`, few, { side: 1 }));
  return multiply(g, x, sigmoid(g, sameConv(g, seen, `${name}.conv4`, channels, { side: 1 })));
}

export const omniSr = network<OmniSrConfig>({
  read: readOmniSrConfig,
  sizes: ({ scale, window, groups, blocks }) => ({
    upscaler: { scale, multiple: window, least: LEAST_SIDE, blocks: groups * blocks },
  }),
  layers: ({ groups, blocks }) => groups * blocks,
  build: buildOmniSr,
});
