/**
 * IP-Adapter: tokens of a picture, and the keys and values that a U-Net's cross-attentions make of them. None of it depends on the step.
 * @see Ye et al. 2023, arXiv:2308.06721; tencent-ailab/IP-Adapter ip_adapter.py, resampler.py; diffusers models/embeddings.py
 */
import {
  addTo,
  attention,
  gelu,
  GraphBuilder,
  layerNorm,
  linear,
  plus,
  reshapeTo,
  tensor,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { readsParts, type ImagePromptConfig } from './image-prompt-config';

const layerKeysName = (place: number): string => `keys_${place}`;
const layerValuesName = (place: number): string => `values_${place}`;

/** Width of a head of the resampler, whatever its width. */
export const RESAMPLER_HEAD = 64;
const EPSILON = 1e-5;

/**
 * image_embeds [1, imageWidth], or, where it reads parts, hidden_states [1, parts, imageWidth] → for each cross-attention keys_0, values_0 and so on,
 * [1, tokens, its channels].
 */
export function buildImagePrompt(config: ImagePromptConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('image_prompt', form);
  const { layers, contextWidth } = config;
  const tokens = PROJECTIONS[config.projection](g, pictureInput(g, config), config);
  layers.forEach((channels, i) => {
    const project = (part: string): Value =>
      linear(g, tokens, tensor(`ip_adapter.${i}.${part}.weight`, channels, contextWidth));
    g.output(layerKeysName(i), project('to_k_ip'));
    g.output(layerValuesName(i), project('to_v_ip'));
  });
  return g.build();
}

const pictureInput = (g: GraphBuilder, config: ImagePromptConfig): Value =>
  readsParts(config)
    ? g.input('hidden_states', 'float32', [1, 'parts', config.imageWidth])
    : g.input('image_embeds', 'float32', [1, config.imageWidth]);

const named = (name: string): string => `image_proj.${name}`;

const norm = (g: GraphBuilder, x: Value, name: string): Value => {
  const width = x.dims[x.dims.length - 1] as number;
  return layerNorm(g, x, tensor(named(`${name}.weight`), width), tensor(named(`${name}.bias`), width), EPSILON);
};

const layer = (g: GraphBuilder, x: Value, name: string, to: number): Value => {
  const from = x.dims[x.dims.length - 1] as number;
  return linear(g, x, tensor(named(`${name}.weight`), to, from), tensor(named(`${name}.bias`), to));
};

/** A product with a matrix, without bias. */
const matrix = (g: GraphBuilder, x: Value, name: string, to: number): Value =>
  linear(g, x, tensor(named(`${name}.weight`), to, x.dims[x.dims.length - 1] as number));

const PROJECTIONS: Readonly<
  Record<ImagePromptConfig['projection'], (g: GraphBuilder, x: Value, config: ImagePromptConfig) => Value>
> = {
  linear: (g, x, { tokens, contextWidth }) => {
    const all = layer(g, x, 'proj', tokens * contextWidth);
    const dims = [1, tokens, contextWidth];
    return norm(g, reshapeTo(g, all, dims, dims), 'norm');
  },
  perceptron: (g, x, { imageWidth, contextWidth }) =>
    norm(g, layer(g, gelu(g, layer(g, x, 'proj.0', imageWidth)), 'proj.2', contextWidth), 'proj.3'),
  resampler,
};

/** A few vectors that look at the picture's parts, and at themselves, layer by layer. */
function resampler(g: GraphBuilder, x: Value, config: ImagePromptConfig): Value {
  const { width, depth, tokens, contextWidth } = config;
  const parts = layer(g, x, 'proj_in', width);
  let latents = g.weight(tensor(named('latents'), 1, tokens, width));
  for (let i = 0; i < depth; i++) {
    latents = addTo(g, look(g, { parts, latents, name: `layers.${i}.0` }, config), latents);
    const inner = gelu(g, matrix(g, norm(g, latents, `layers.${i}.1.0`), `layers.${i}.1.1`, 4 * width));
    latents = addTo(g, matrix(g, inner, `layers.${i}.1.3`, width), latents);
  }
  return norm(g, layer(g, latents, 'proj_out', contextWidth), 'norm_out');
}

interface Looking {
  parts: Value;
  latents: Value;
  name: string;
}

function look(g: GraphBuilder, { parts, latents, name }: Looking, config: ImagePromptConfig): Value {
  const { width, heads, tokens } = config;
  const inner = heads * RESAMPLER_HEAD;
  const own = norm(g, latents, `${name}.norm2`);
  const [seen] = g.node('Concat', {
    inputs: [norm(g, parts, `${name}.norm1`), own],
    attributes: { axis: 1 },
    outputs: [[1, plus(parts.dims[1], tokens), width]],
  });
  const [keys, values] = ['to_k', 'to_v'].map((part) => matrix(g, seen, `${name}.${part}`, inner));
  const mixed = attention(g, matrix(g, own, `${name}.to_q`, inner), keys, values, { heads });
  return matrix(g, mixed, `${name}.to_out`, width);
}
