/** The networks that are measured without anybody's weights: the published ones, or the same blocks a tenth as wide. */
import { FAMILY_CONFIGS, readAutoencoderConfig, readClipTextConfig, readUnetConfig } from '../models';
import type { BenchConfigs } from './component-flops';

/** By the name in FAMILY_CONFIGS. */
export const BENCH_FAMILIES = {
  sd15: 'Stable Diffusion 1.5',
  'sd-turbo': 'SD-Turbo',
  sdxl: 'SDXL',
} as const;

export type BenchFamily = keyof typeof BENCH_FAMILIES;

/** Every width by 10: software GPUs run the narrow ones in seconds. Heads stay as many. */
const NARROW = {
  sd15: { block_out_channels: [32, 64, 128, 128], attention_head_dim: 8 },
  'sd-turbo': { block_out_channels: [32, 64, 128, 128], attention_head_dim: [2, 4, 8, 8] },
  sdxl: { block_out_channels: [32, 64, 128], attention_head_dim: [2, 4, 8] },
} as const;

/** Layers of the narrow text encoders and depths of SDXL's narrow transformers. */
const FEW_LAYERS = 2;

export function familyConfigs(family: BenchFamily, isNarrow = false): BenchConfigs {
  const { text_encoder: text, unet, vae, ...rest } = FAMILY_CONFIGS[family];
  const text2 = 'text_encoder_2' in rest ? rest.text_encoder_2 : undefined;
  const few = isNarrow ? { num_hidden_layers: FEW_LAYERS } : {};
  const unetChanges = isNarrow ? NARROW[family] : {};
  const depths = isNarrow && family === 'sdxl' ? { transformer_layers_per_block: [1, 1, FEW_LAYERS] } : {};
  const vaeChanges = isNarrow ? { block_out_channels: [32, 32, 64, 64] } : {};
  return {
    text: readClipTextConfig('text_encoder/config.json', { ...text, ...few }),
    text2: text2 && readClipTextConfig('text_encoder_2/config.json', { ...text2, ...few }),
    unet: readUnetConfig('unet/config.json', { ...unet, ...unetChanges, ...depths }),
    vae: readAutoencoderConfig('vae/config.json', { ...vae, ...vaeChanges }),
  };
}
