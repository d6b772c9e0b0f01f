/** The sizes of an AutoencoderKL, read from its config.json. @see diffusers autoencoder_kl.py */
import { ConfigReader } from './read-config';

export interface AutoencoderConfig {
  outChannels: number;
  latentChannels: number;
  /** Widths from the picture's size downwards. */
  channels: number[];
  /** Resnets per level of the encoder; the decoder has one more. */
  layersPerBlock: number;
  groups: number;
  midAttention: boolean;
  quantConv: boolean;
  postQuantConv: boolean;
  /** The U-Net's latents are the autoencoder's times this. */
  scalingFactor: number;
  /** Added after dividing by scalingFactor, where a model has one. */
  shiftFactor: number;
}

/** Pixels per latent cell along a side. */
export const latentFactor = (config: AutoencoderConfig): number => 2 ** (config.channels.length - 1);

export function readAutoencoderConfig(file: string, json: unknown): AutoencoderConfig {
  const c = new ConfigReader(file, json);
  c.refuse('act_fn', 'silu', 'swish');
  c.refuse('latents_mean');
  c.refuse('latents_std');
  const channels = c.sizeList('block_out_channels');
  for (const type of c.texts('up_block_types'))
    if (type !== 'UpDecoderBlock2D') c.unsupported('up_block_types', type, 'supported: UpDecoderBlock2D');
  const groups = c.size('norm_num_groups', 32);
  for (const n of channels) if (n % groups !== 0) c.fail('norm_num_groups', groups, `must divide ${n}`);
  return {
    outChannels: c.size('out_channels', 3),
    latentChannels: c.size('latent_channels', 4),
    channels,
    layersPerBlock: c.size('layers_per_block', 1),
    groups,
    midAttention: c.flag('mid_block_add_attention', true),
    quantConv: c.flag('use_quant_conv', true),
    postQuantConv: c.flag('use_post_quant_conv', true),
    scalingFactor: c.number('scaling_factor', 0.18215),
    shiftFactor: c.number('shift_factor', 0),
  };
}
