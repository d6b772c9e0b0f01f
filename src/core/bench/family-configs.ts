/** The networks that are measured without anybody's weights: the published ones, or the same blocks a tenth as wide. */
import { readAutoencoderConfig, readClipTextConfig, readUnetConfig } from '../networks';
import { FAMILY_CONFIGS } from '../families/configs';
import type { BenchConfigs } from './component-flops';

/** By the name in FAMILY_CONFIGS. */
export const BENCH_FAMILIES = {
  sd15: 'Stable Diffusion 1.5',
  'sd-turbo': 'SD-Turbo',
  sdxl: 'SDXL',
} as const;

export type BenchFamily = keyof typeof BENCH_FAMILIES;

/** Every width of the U-Nets by 10, of all else by as much or more: software GPUs run them in seconds. */
const NARROW_TEXT = {
  hidden_size: 64,
  intermediate_size: 256,
  num_attention_heads: 4,
  num_hidden_layers: 2,
  projection_dim: 64,
};
const NARROW_VAE = { block_out_channels: [32, 32, 64, 64] };
const NARROW_UNETS = {
  sd15: { block_out_channels: [32, 64, 128, 128], cross_attention_dim: 64 },
  'sd-turbo': { block_out_channels: [32, 64, 128, 128], attention_head_dim: [2, 4, 8, 8], cross_attention_dim: 64 },
  sdxl: {
    block_out_channels: [32, 64, 128],
    attention_head_dim: [2, 4, 8],
    transformer_layers_per_block: [1, 1, 2],
    cross_attention_dim: 128,
    projection_class_embeddings_input_dim: 6 * 256 + 64, // six sizes as waves, and the pooled text
  },
} as const;

/** @param isNarrow  the same blocks a tenth as wide */
export function familyConfigs(family: BenchFamily, isNarrow = false): BenchConfigs {
  const { text_encoder: text, unet, vae, ...rest } = FAMILY_CONFIGS[family];
  const text2 = 'text_encoder_2' in rest ? rest.text_encoder_2 : undefined;
  const narrow = <T extends object>(changes: T): T | object => (isNarrow ? changes : {});
  return {
    text: readClipTextConfig('text_encoder/config.json', { ...text, ...narrow(NARROW_TEXT) }),
    text2: text2 && readClipTextConfig('text_encoder_2/config.json', { ...text2, ...narrow(NARROW_TEXT) }),
    unet: readUnetConfig('unet/config.json', { ...unet, ...narrow(NARROW_UNETS[family]) }),
    vae: readAutoencoderConfig('vae/config.json', { ...vae, ...narrow(NARROW_VAE) }),
  };
}
