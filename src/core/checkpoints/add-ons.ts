/** Files that change a checkpoint and are none: LoRAs and embeddings, and for which family they are. */
import { nameOfTwoTexts, nameOfWidth } from '../families/recognise';
import type { TensorEntry } from '../formats';

type Tensors = ReadonlyMap<string, Pick<TensorEntry, 'shape'>>;

const LORA =
  /[._]lora_(up|down|mid|A|B)\b|\.lora\.(up|down)\.|_lora\.(up|down)\.|\.hada_w[12]_[ab]$|\.hada_t[12]$|\.lokr_[wt][12]|\.oft_(blocks|diag)$|\.dora_scale$|^(lora_(unet|te\d?)|lycoris|oft_unet)_/;

/** @returns "a LoRA for SDXL; ..." */
export function addOn(tensors: Tensors): string | undefined {
  const keys = [...tensors.keys()];
  if (isLora(keys))
    return `a LoRA for ${loraFamily(keys, tensors) ?? 'an unknown model'}, which changes a model and is none: add it by itself, or open the checkpoint it was made for`;
  const family = embeddingFamily(keys, tensors);
  return family && `an embedding (textual inversion) for ${family}, which is a word for prompts and no model`;
}

/** It is added to a model, and is none. */
export const isAddOn = (tensors: Tensors): boolean =>
  isLora([...tensors.keys()]) || embeddingFamily([...tensors.keys()], tensors) !== undefined;

const isLora = (keys: readonly string[]): boolean => keys.some((key) => LORA.test(key));

function loraFamily(keys: readonly string[], tensors: Tensors): string | undefined {
  const has = (pattern: RegExp): boolean => keys.some((key) => pattern.test(key));
  if (has(/double_blocks_|single_transformer_blocks|double_blocks\./)) return 'Flux';
  if (has(/joint_blocks|transformer_blocks\.\d+\.attn\.add_q_proj|^lora_te3_/)) return 'Stable Diffusion 3';
  if (has(/^(lora_te2_|text_encoder_2\.)/)) return nameOfTwoTexts();
  const down = /attn2[._](to_k|processor\.to_k_lora).*(lora_down|lora_A|\.down|hada_w1_b|hada_w2_b)/;
  for (const key of keys) {
    const width = down.test(key) ? tensors.get(key)?.shape.at(-1) : undefined;
    const family = width === undefined ? undefined : nameOfWidth(width);
    if (family !== undefined) return family;
  }
  if (has(/(input|output)_blocks_\d_\d_transformer_blocks_[2-9]|attentions[._]\d[._]transformer_blocks[._][2-9]/))
    return nameOfTwoTexts();
  return undefined;
}

function embeddingFamily(keys: readonly string[], tensors: Tensors): string | undefined {
  if (keys.includes('clip_g') && keys.length <= 3) return nameOfTwoTexts();
  const name = keys.find((key) => key === 'emb_params' || key.startsWith('string_to_param'));
  const only = name ?? (keys.length === 1 ? keys[0] : undefined);
  const shape = only === undefined ? undefined : tensors.get(only)?.shape;
  if (!shape || shape.length === 0 || shape.length > 2 || (shape.length === 2 && shape[0] > MAX_VECTORS))
    return undefined;
  return nameOfWidth(shape[shape.length - 1]);
}

/** Vectors of an embedding: one prompt chunk has room for 75. */
const MAX_VECTORS = 75;
