/** diffusers' own names over the years, brought to today's. */

/**
 * Other names of the same tensors: the autoencoder's attention before diffusers 0.15 (models/modeling_utils.py,
 * _convert_deprecated_attention_blocks), and the text encoder as transformers 5 saves it.
 */
const OTHER_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(\.mid_block\.attentions\.\d+)\.query\./, '$1.to_q.'],
  [/(\.mid_block\.attentions\.\d+)\.key\./, '$1.to_k.'],
  [/(\.mid_block\.attentions\.\d+)\.value\./, '$1.to_v.'],
  [/(\.mid_block\.attentions\.\d+)\.proj_attn\./, '$1.to_out.0.'],
  [/^(embeddings|final_layer_norm)\./, 'text_model.$1.'],
  [/^(encoder\.layers\.\d+\.(?:self_attn|layer_norm\d|mlp))\./, 'text_model.$1.'],
];

export const currentName = (name: string): string =>
  OTHER_NAMES.reduce((current, [other, now]) => current.replace(other, now), name);
