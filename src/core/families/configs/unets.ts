/** Hub configs of the U-Nets. In these files `attention_head_dim` is the number of heads. */

const unet = {
  _class_name: 'UNet2DConditionModel',
  act_fn: 'silu',
  center_input_sample: false,
  downsample_padding: 1,
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 4,
  out_channels: 4,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  mid_block_type: 'UNetMidBlock2DCrossAttn',
  norm_eps: 1e-5,
  norm_num_groups: 32,
};

const fourLevels = {
  ...unet,
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
};

/** 859,520,964 parameters. */
export const UNET_SD15 = {
  ...fourLevels,
  sample_size: 64,
  attention_head_dim: 8,
  cross_attention_dim: 768,
};

/** 865,910,724 parameters. */
const UNET_SD2 = {
  ...fourLevels,
  attention_head_dim: [5, 10, 20, 20],
  cross_attention_dim: 1024,
  use_linear_projection: true,
};

/** Its attention's products pass 65504, half precision's largest number. */
export const UNET_SD21 = { ...UNET_SD2, sample_size: 96, upcast_attention: true };
export const UNET_SD21_BASE = { ...UNET_SD2, sample_size: 64 };

/** 2,567,463,684 parameters. */
export const UNET_SDXL = {
  ...unet,
  sample_size: 128,
  block_out_channels: [320, 640, 1280],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  transformer_layers_per_block: [1, 2, 10],
  attention_head_dim: [5, 10, 20],
  cross_attention_dim: 2048,
  use_linear_projection: true,
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  projection_class_embeddings_input_dim: 2816,
};

/** 2,259,526,660 parameters. @see Stability-AI/generative-models configs/inference/sd_xl_refiner.yaml */
export const UNET_SDXL_REFINER = {
  ...UNET_SDXL,
  block_out_channels: [384, 768, 1536, 1536],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  transformer_layers_per_block: [1, 4, 4, 4], // 4 for all in the hub's file: the first level has none, the last the middle's
  attention_head_dim: [6, 12, 24, 24],
  cross_attention_dim: 1280,
  projection_class_embeddings_input_dim: 2560,
};

/** Inpainting: latent, mask, masked picture's latent. */
export const inpaint = <T extends object>(config: T) => ({ ...config, in_channels: 9 });

/** InstructPix2Pix: latent, picture's latent. */
export const instruct = <T extends object>(config: T) => ({ ...config, in_channels: 8 });
