/** What steers a picture, in its published sizes: configs as diffusers has them, none of which is shipped. */
import { openNetwork, type OpenNetwork } from '../../src/core/networks';
import type { ComponentId } from '../../src/core/networks/components';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';

export type CostFamily = 'sd15' | 'sdxl';

const [CROSS, PLAIN] = ['CrossAttnDownBlock2D', 'DownBlock2D'];

const copyOf = (family: CostFamily, changes: object = {}) => ({
  ...FAMILY_CONFIGS[family].unet,
  conditioning_embedding_out_channels: [16, 32, 96, 256],
  ...changes,
});

/** A ControlNet's config; the same for its steps and its hint. */
export const CONTROL_NETS = {
  sd15: { ControlNet: copyOf('sd15') },
  sdxl: {
    ControlNet: copyOf('sdxl'),
    'Union, 8 kinds': copyOf('sdxl', { num_control_type: 8 }),
    mid: copyOf('sdxl', { down_block_types: [PLAIN, PLAIN, CROSS], transformer_layers_per_block: [0, 0, 1] }),
    small: copyOf('sdxl', { down_block_types: [PLAIN, PLAIN, PLAIN], transformer_layers_per_block: [0, 0, 0] }),
  },
} as const satisfies Record<CostFamily, Record<string, object>>;

/** Rank of the published Control-LoRAs that are compared. */
export const CONTROL_LORA_RANK = 128;

export const T2I_ADAPTERS = {
  sd15: { adapter_type: 'full_adapter', channels: [320, 640, 1280, 1280], in_channels: 3, downscale_factor: 8 },
  sdxl: { adapter_type: 'full_adapter_xl', channels: [320, 640, 1280, 1280], in_channels: 3, downscale_factor: 16 },
} as const;

/** CLIP ViT-H, which most IP-Adapters look with. */
export const VISION_TOWER = {
  ...{ hidden_size: 1280, intermediate_size: 5120, num_hidden_layers: 32, num_attention_heads: 16 },
  ...{ patch_size: 14, image_size: 224, hidden_act: 'gelu', projection_dim: 1024 },
};

const CONTEXT = { sd15: 768, sdxl: 2048 };
const RESAMPLER = { sd15: { hidden_dim: 768, heads: 12 }, sdxl: { hidden_dim: 1280, heads: 20 } };

/** Configs of IP-Adapters that look with it. @param channels  of the U-Net's cross-attentions */
export const imagePrompts = (family: CostFamily, channels: readonly number[]) => {
  const both = { cross_attention_dim: CONTEXT[family], attention_channels: channels };
  return {
    'IP-Adapter': { projection: 'linear', image_embed_dim: 1024, tokens: 4, ...both },
    'IP-Adapter plus': {
      ...{ projection: 'resampler', image_embed_dim: 1280, tokens: 16, depth: 4 },
      ...RESAMPLER[family],
      ...both,
    },
  };
};

export const opened = (component: ComponentId, config: object): OpenNetwork =>
  openNetwork(component, { file: `${component}/config.json`, config });

export const unetOf = (family: CostFamily): OpenNetwork => opened('unet', FAMILY_CONFIGS[family].unet);
