/**
 * What a ControlNet makes of a hint, once for each picture: features that its steps add to what they see, and of a Union's hint also its kind.
 * @see diffusers ControlNetConditioningEmbedding, ControlNetUnionModel.forward
 */
import {
  addTo,
  conv,
  fromNchw,
  GraphBuilder,
  layerNorm,
  linear,
  multiply,
  quickGelu,
  reshapeTo,
  rowsOf,
  silu,
  tensor,
  times,
  toNchw,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { perceptron } from '../time-embedding';
import type { ControlNetConfig } from './controlnet-config';
import { meanOfMap } from './layers';

const EMBEDDING = 'controlnet_cond_embedding';

/**
 * hint [1, 3, 8 h, 8 w] in 0…1 (as many times the latent's as it is halved) → hint_features [1, channels of level 0, h, w].
 *
 * A Union's graph also reads kind_one_hot [1, kinds], kind_share [1] (1, or 0 where no kind is said) and kind_wave [1, kinds · kindWaveWidth] →
 * type_embedding [1, 4 · channels of level 0].
 */
export function buildControlHint(config: ControlNetConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('control_hint', form);
  const { hintChannels, hintInputs, kinds } = config;
  const factor = 2 ** (hintChannels.length - 1);
  const hint = g.input('hint', 'float32', [1, hintInputs, times(factor, 'height'), times(factor, 'width')]);
  const features = embedding(g, fromNchw(g, hint), config);
  g.output('hint_features', toNchw(g, kinds > 0 ? withKind(g, features, config) : features));
  if (kinds > 0) g.output('type_embedding', typeEmbedding(g, config));
  return g.build();
}

/** How many pixels of the hint a cell of the latent is, along a side. */
export const hintFactor = ({ hintChannels }: Pick<ControlNetConfig, 'hintChannels'>): number =>
  2 ** (hintChannels.length - 1);

function embedding(g: GraphBuilder, hint: Value, { hintChannels, hintInputs, levels }: ControlNetConfig): Value {
  let x = silu(g, hintConv(g, hint, { name: 'conv_in', from: hintInputs, to: hintChannels[0] }));
  hintChannels.slice(0, -1).forEach((from, i) => {
    const to = hintChannels[i + 1];
    x = silu(g, hintConv(g, x, { name: `blocks.${2 * i}`, from, to: from }));
    x = silu(g, hintConv(g, x, { name: `blocks.${2 * i + 1}`, from, to, stride: 2 }));
  });
  return hintConv(g, x, {
    name: 'conv_out',
    from: hintChannels[hintChannels.length - 1],
    to: levels[0].channels,
  });
}

interface HintConv {
  name: string;
  from: number;
  to: number;
  stride?: number;
}

function hintConv(g: GraphBuilder, x: Value, { name, from, to, stride = 1 }: HintConv): Value {
  const layer = `${EMBEDDING}.${name}`;
  return conv(g, x, tensor(`${layer}.weight`, to, from, 3, 3), tensor(`${layer}.bias`, to), {
    stride,
    pads: [1, 1, 1, 1],
  });
}

/**
 * features + share · what the kind adds to each channel. Its attention is among the rows of a batch, which are equal, so that all that is left of it
 * is the projection of its values.
 */
function withKind(g: GraphBuilder, features: Value, { kinds, levels: [{ channels }] }: ControlNetConfig): Value {
  const which = g.input('kind_one_hot', 'float32', [1, kinds]);
  const share = g.input('kind_share', 'float32', [1]);
  const [task] = g.node('MatMul', {
    inputs: [which, g.weight(tensor('task_embedding', kinds, channels))],
    outputs: [[1, channels]],
  });
  const mean = reshapeTo(g, toNchw(g, meanOfMap(g, features)), [1, channels], [1, channels]);
  const said = fuser(g, addTo(g, mean, task), channels);
  const added = multiply(g, said, share);
  const dims = g.target === 'webgpu' ? [1, 1, 1, channels] : [1, channels, 1, 1];
  return addTo(g, features, reshapeTo(g, added, dims, dims));
}

function fuser(g: GraphBuilder, token: Value, channels: number): Value {
  const block = 'transformer_layes.0';
  const norm = (x: Value, name: string): Value =>
    layerNorm(g, x, tensor(`${block}.${name}.weight`, channels), tensor(`${block}.${name}.bias`, channels), 1e-5);
  const layer = (x: Value, name: string, to: number, from: number): Value =>
    linear(g, x, tensor(`${name}.weight`, to, from), tensor(`${name}.bias`, to));
  const all = (part: string, ...shape: number[]) => tensor(`${block}.attn.in_proj_${part}`, 3 * channels, ...shape);
  const values = linear(
    g,
    norm(token, 'ln_1'),
    rowsOf(all('weight', channels), 2 * channels, channels),
    rowsOf(all('bias'), 2 * channels, channels),
  );
  const seen = addTo(g, token, layer(values, `${block}.attn.out_proj`, channels, channels));
  const inner = quickGelu(g, layer(norm(seen, 'ln_2'), `${block}.mlp.c_fc`, 4 * channels, channels), 1.702);
  const out = addTo(g, seen, layer(inner, `${block}.mlp.c_proj`, channels, 4 * channels));
  return layer(out, 'spatial_ch_projs', channels, channels);
}

/** What joins the time: which kinds there are. */
function typeEmbedding(g: GraphBuilder, { kinds, kindWaveWidth, levels: [{ channels }] }: ControlNetConfig): Value {
  const waves = g.input('kind_wave', 'float32', [1, kinds * kindWaveWidth]);
  return perceptron(g, waves, 'control_add_embedding', 4 * channels);
}
