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
  /** Factor of all feature maps between first and last convolution: below 1 where they would leave half precision. */
  streamScale: number;
}

/** SD 1 and SD 2's, which is safe in half precision whatever its config says: diffusers writes force_upcast by default. */
const SAFE_SCALING_FACTOR = 0.18215;

/**
 * Feature maps of SDXL's autoencoder pass 65504, half precision's largest number. Every branch begins with a group norm, to
 * which a common factor is nothing, so that the residual stream can be as small as one likes: the weights that write to it
 * are divided by 64, and epsilons by its square. A power of two loses nothing in float32, and is room for values of 4
 * million. Weights tuned for half precision (the fp16-fix) say `force_upcast: false`.
 */
const SMALL_STREAM = 2 ** -6;

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
  const scalingFactor = c.number('scaling_factor', SAFE_SCALING_FACTOR);
  const overflows = c.flag('force_upcast', true) && scalingFactor !== SAFE_SCALING_FACTOR;
  return {
    outChannels: c.size('out_channels', 3),
    latentChannels: c.size('latent_channels', 4),
    channels,
    layersPerBlock: c.size('layers_per_block', 1),
    groups,
    midAttention: c.flag('mid_block_add_attention', true),
    quantConv: c.flag('use_quant_conv', true),
    postQuantConv: c.flag('use_post_quant_conv', true),
    scalingFactor,
    shiftFactor: c.number('shift_factor', 0),
    streamScale: overflows ? SMALL_STREAM : 1,
  };
}
