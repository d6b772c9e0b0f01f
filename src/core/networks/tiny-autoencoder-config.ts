/** The sizes of TAESD, read from the hub's config.json. @see diffusers autoencoder_tiny.py */
import { ConfigReader } from './read-config';

export interface TinyAutoencoderConfig {
  /** Channels of the picture. */
  imageChannels: number;
  latentChannels: number;
  /** Width of every convolution between. */
  channels: number;
  /** Residual blocks at each size, from the picture's downwards. */
  encoderBlocks: number[];
  /** Residual blocks at each size, from the latent's upwards. */
  decoderBlocks: number[];
}

export function readTinyAutoencoderConfig(file: string, json: unknown): TinyAutoencoderConfig {
  const c = new ConfigReader(file, json);
  c.refuse('act_fn', 'relu');
  c.refuse('upsample_fn', 'nearest');
  c.refuse('upsampling_scaling_factor', 2);
  // Its latents are the U-Net's as they are.
  c.refuse('scaling_factor', 1);
  c.refuse('shift_factor', 0);
  const encoderBlocks = c.sizes('num_encoder_blocks', 4, [1, 3, 3, 3]);
  const decoderBlocks = c.sizes('num_decoder_blocks', 4, [3, 3, 3, 1]);
  const widths = ['encoder_block_out_channels', 'decoder_block_out_channels'].flatMap((field) => c.sizes(field, 4, 64));
  const channels = widths[0];
  if (widths.some((n) => n !== channels))
    c.unsupported('decoder_block_out_channels', widths, 'all widths must be the same');
  return {
    imageChannels: c.size('out_channels', 3),
    latentChannels: c.size('latent_channels', 4),
    channels,
    encoderBlocks,
    decoderBlocks,
  };
}
