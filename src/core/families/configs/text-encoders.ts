/** Hub configs of the text encoders. @see Radford et al. 2021, arXiv:2103.00020; OpenCLIP (LAION-2B) */

const clip = {
  architectures: ['CLIPTextModel'],
  model_type: 'clip_text_model',
  vocab_size: 49408,
  max_position_embeddings: 77,
  layer_norm_eps: 1e-5,
  bos_token_id: 49406,
  eos_token_id: 49407,
};

/** 123,060,480 parameters. */
export const CLIP_L = {
  ...clip,
  hidden_act: 'quick_gelu',
  hidden_size: 768,
  intermediate_size: 3072,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  projection_dim: 768,
  pad_token_id: 49407,
};

/** SD 2's, without the last of its 24 layers, as published for diffusers: 340,387,840 parameters. Pads with "!". */
export const OPEN_CLIP_H = {
  ...clip,
  hidden_act: 'gelu',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 23,
  projection_dim: 512,
  pad_token_id: 0,
};

/** SDXL's second: 694,659,840 parameters with its projection. Pads with "!". */
export const OPEN_CLIP_BIG_G = {
  ...clip,
  architectures: ['CLIPTextModelWithProjection'],
  hidden_act: 'gelu',
  hidden_size: 1280,
  intermediate_size: 5120,
  num_attention_heads: 20,
  num_hidden_layers: 32,
  projection_dim: 1280,
  pad_token_id: 0,
};
