/** The published models that are measured without anybody's weights, and the same blocks a tenth as wide. */
import type { PublishedId } from '../../networks/published';
import type { FamilyConfigId } from '.';

export interface Measured {
  label: string;
  /** Every width of the U-Net by 10, of all else by as much or more: software GPUs run it in seconds. */
  narrow: Partial<Record<PublishedId, object>>;
}

const text = {
  hidden_size: 64,
  intermediate_size: 256,
  num_attention_heads: 4,
  num_hidden_layers: 2,
  projection_dim: 64,
};
const vae = { block_out_channels: [32, 32, 64, 64] };

export const MEASURED = {
  sd15: {
    label: 'Stable Diffusion 1.5',
    narrow: { text_encoder: text, vae, unet: { block_out_channels: [32, 64, 128, 128], cross_attention_dim: 64 } },
  },
  'sd-turbo': {
    label: 'SD-Turbo',
    narrow: {
      text_encoder: text,
      vae,
      unet: { block_out_channels: [32, 64, 128, 128], attention_head_dim: [2, 4, 8, 8], cross_attention_dim: 64 },
    },
  },
  sdxl: {
    label: 'SDXL',
    narrow: {
      text_encoder: text,
      text_encoder_2: text,
      vae,
      unet: {
        block_out_channels: [32, 64, 128],
        attention_head_dim: [2, 4, 8],
        transformer_layers_per_block: [1, 1, 2],
        cross_attention_dim: 128,
        projection_class_embeddings_input_dim: 6 * 256 + 64, // six sizes as waves, and the pooled text
      },
    },
  },
  'sdxl-refiner': {
    label: 'SDXL refiner',
    narrow: {
      text_encoder_2: text,
      vae,
      unet: {
        block_out_channels: [32, 64, 128, 128],
        attention_head_dim: [2, 4, 8, 8],
        transformer_layers_per_block: [1, 1, 1, 1],
        cross_attention_dim: 64,
        projection_class_embeddings_input_dim: 5 * 256 + 64, // five numbers as waves, and the pooled text
      },
    },
  },
} as const satisfies Partial<Record<FamilyConfigId, Measured>>;

export type MeasuredId = keyof typeof MEASURED;

/** What stands for all of them where one must do. */
export const USUAL_MEASURED: MeasuredId = 'sd15';
