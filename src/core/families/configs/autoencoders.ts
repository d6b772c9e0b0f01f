/** Hub configs of the autoencoders: one architecture of 83,653,863 parameters, two latent spaces. */

const autoencoder = {
  _class_name: 'AutoencoderKL',
  act_fn: 'silu',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D'],
  in_channels: 3,
  out_channels: 3,
  latent_channels: 4,
  layers_per_block: 2,
  norm_num_groups: 32,
};

/** SD 1 and SD 2. */
export const VAE_SD = { ...autoencoder, sample_size: 512, scaling_factor: 0.18215, force_upcast: false };

/** SDXL: its activations pass 65504, half precision's largest number, unless its weights were tuned not to. */
export const VAE_SDXL = { ...autoencoder, sample_size: 1024, scaling_factor: 0.13025, force_upcast: true };

/** TAESD and TAESDXL, for previews: encoder of 1,222,532 parameters, decoder of 1,222,531. */
export const TAESD = {
  _class_name: 'AutoencoderTiny',
  act_fn: 'relu',
  encoder_block_out_channels: [64, 64, 64, 64],
  decoder_block_out_channels: [64, 64, 64, 64],
  num_encoder_blocks: [1, 3, 3, 3],
  num_decoder_blocks: [3, 3, 3, 1],
  latent_channels: 4,
  out_channels: 3,
  upsampling_scaling_factor: 2,
  scaling_factor: 1,
  force_upcast: false,
};
