/** CLIP's text encoders as files have them. */
import { currentName } from '../names/diffusers-names';
import { openclipParts } from '../names/openclip';
import { firstShape, type Shapes } from '../unet-signs';
import { countOf, HEAD_WIDTH, oneTensor, type Config, type Published, type Rename } from './published';

/** OpenCLIP-H has 24 layers, of which Stable Diffusion 2 uses all but the last; diffusers' files end there. */
const OPEN_CLIP_H_LAYERS = 24;

const CLIP =
  /^(text_model|embeddings|final_layer_norm|text_projection)\.|^encoder\.layers\.\d+\.(self_attn|layer_norm\d|mlp)\./;

const clip: Rename = (name) => oneTensor(CLIP.test(name) ? currentName(name) : undefined, 'ldm');
const bareClip: Rename = (name) => oneTensor(CLIP.test(name) ? currentName(name) : undefined, 'diffusers');
const openclip: Rename = (name) => {
  const parts = openclipParts(name);
  return parts.length > 0 ? { parts, layout: 'ldm' } : undefined;
};

const common = {
  isFolder: true,
  essential: [['text_model.embeddings.token_embedding.weight'], ['text_model.encoder.layers.0.mlp.fc1.weight']],
  config: clipConfig,
} satisfies Partial<Published>;

/** Files of one encoder alone say by its depth which it is: CLIP-L has 12 layers, OpenCLIP-H 24 and bigG 32. */
const LAYER = /^(?:text_model\.)?encoder\.layers\.(\d+)\.|^transformer\.resblocks\.(\d+)\./;

function bareLayers(keys: readonly string[]): { count: number; isOpenClip: boolean } {
  let [count, isOpenClip] = [0, false];
  for (const key of keys) {
    const [, own, open] = LAYER.exec(key) ?? [];
    if (own === undefined && open === undefined) continue;
    count = Math.max(count, Number(own ?? open) + 1);
    isOpenClip ||= open !== undefined;
  }
  return { count, isOpenClip };
}

const isSecond = (count: number): boolean => count > OPEN_CLIP_H_LAYERS;

export const publishedTextEncoder: Published = {
  ...common,
  name: 'text encoder',
  partName: 'text encoder',
  parts: [{ component: 'text_encoder' }],
  places: [
    ['cond_stage_model.transformer.', clip],
    ['cond_stage_model.model.', openclip],
    ['conditioner.embedders.0.transformer.', clip],
    ['conditioner.embedders.0.model.', openclip],
    ['text_encoders.clip_l.transformer.', clip],
    ['text_encoder.', bareClip],
    ['', bareClip],
  ],
  prefixOf(keys) {
    const { count, isOpenClip } = bareLayers(keys);
    return isOpenClip && !isSecond(count) ? 'cond_stage_model.model.' : '';
  },
  /** OpenAI's projection, and OpenCLIP-H's last layer. */
  isSpare(key, layers) {
    const [, layer] = /(?:resblocks|encoder\.layers)\.(\d+)\./.exec(key) ?? [];
    return /(^|\.)text_projection(\.weight)?$/.test(key) || (layer !== undefined && Number(layer) >= layers);
  },
};

export const publishedSecondTextEncoder: Published = {
  ...common,
  name: 'second text encoder',
  partName: 'second text encoder',
  parts: [{ component: 'text_encoder_2' }],
  places: [
    ['conditioner.embedders.1.model.', openclip],
    ['conditioner.embedders.1.transformer.', clip],
    ['text_encoders.clip_g.transformer.', clip],
    ['text_encoder_2.', bareClip],
  ],
  prefixOf(keys) {
    const { count, isOpenClip } = bareLayers(keys);
    if (!isSecond(count)) return '';
    return isOpenClip ? 'conditioner.embedders.1.model.' : 'text_encoder_2.';
  },
};

/** The activation is in no tensor. */
function clipConfig(tensors: Shapes, base: Config): Config {
  const token = tensors.get('text_model.embeddings.token_embedding.weight')?.shape ?? [];
  const width = token[1] ?? 0;
  const layers = countOf(tensors, 'text_model.encoder.layers.');
  const projection = tensors.get('text_projection.weight')?.shape[0];
  return {
    ...base,
    vocab_size: token[0] ?? base['vocab_size'],
    hidden_size: width,
    intermediate_size: firstShape(tensors, /\.mlp\.fc1\.weight$/)?.[0] ?? base['intermediate_size'],
    num_attention_heads: Math.max(Math.floor(width / HEAD_WIDTH), 1),
    num_hidden_layers: width === 1024 && layers === OPEN_CLIP_H_LAYERS ? layers - 1 : layers,
    max_position_embeddings:
      tensors.get('text_model.embeddings.position_embedding.weight')?.shape[0] ?? base['max_position_embeddings'],
    ...(projection !== undefined && isProjected(base) && { projection_dim: projection }),
  };
}

const isProjected = ({ architectures }: Config): boolean =>
  Array.isArray(architectures) && architectures.includes('CLIPTextModelWithProjection');
