/** Models of random weights as the hub has them, folder by folder: each family's own layout, at a hundredth of its widths. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import { exprTensors } from '../../src/core/graph';
import { floatToHalf } from '../../src/core/math/half';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';
import { buildComponentGraph } from '../../src/core/networks';
import type { ComponentId } from '../../src/core/networks/components';
import { gaussian } from '../../src/core/weights/testing/numbers';
import { weightDistribution } from '../../src/core/bench';

export type TinyFamily = 'sd15' | 'sdxl';

const TEXT = {
  hidden_size: 64,
  intermediate_size: 128,
  num_attention_heads: 2,
  num_hidden_layers: 2,
  projection_dim: 64,
};
const VAE = { block_out_channels: [32, 32, 32, 32], layers_per_block: 1 };

/** What is changed of FAMILY_CONFIGS. The context is as wide as the text encoders are together. */
const SMALLER = {
  sd15: {
    text_encoder: TEXT,
    unet: { block_out_channels: [32, 64, 64, 64], layers_per_block: 1, attention_head_dim: 2, cross_attention_dim: 64 },
    vae: VAE,
  },
  sdxl: {
    text_encoder: TEXT,
    text_encoder_2: TEXT,
    unet: {
      block_out_channels: [32, 64, 64],
      layers_per_block: 1,
      transformer_layers_per_block: [1, 1, 2],
      attention_head_dim: [1, 2, 2],
      cross_attention_dim: 128,
      addition_time_embed_dim: 32,
      projection_class_embeddings_input_dim: 64 + 6 * 32,
    },
    vae: VAE,
  },
} as const;

/** The parts that a folder of diffusers holds under one name. */
const PARTS: Partial<Record<string, ComponentId[]>> = { vae: ['vae_decoder', 'vae_encoder'] };

/** @returns the folder */
export function writeTinyModel(family: TinyFamily, folder: string): string {
  const { scheduler, ...published } = FAMILY_CONFIGS[family];
  const write = (path: string, bytes: Uint8Array | string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  write('scheduler/scheduler_config.json', JSON.stringify(scheduler));
  for (const [name, changes] of Object.entries(SMALLER[family])) {
    const config = { ...published[name as keyof typeof published], ...changes };
    write(`${name}/config.json`, JSON.stringify(config));
    const file = name.startsWith('text') ? 'model' : 'diffusion_pytorch_model';
    write(`${name}/${file}.safetensors`, randomWeights(PARTS[name] ?? [name as ComponentId], config));
  }
  return folder;
}

const CONTROL = {
  down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  conditioning_embedding_out_channels: [4, 8, 8, 8],
  norm_num_groups: 32,
};

/** A ControlNet of random weights for the small SD 1.5. @returns the folder */
export function writeTinyControl(folder: string): string {
  const config = { ...CONTROL, ...SMALLER.sd15.unet };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'diffusion_pytorch_model.safetensors'),
    randomWeights(['control_step', 'control_hint'], config),
  );
  return folder;
}

/** An autoencoder for it with other weights, as one file in diffusers' words. @returns the file's bytes */
export const tinyVae = (): Uint8Array =>
  randomWeights(['vae_decoder', 'vae_encoder'], { ...FAMILY_CONFIGS.sd15.vae, ...VAE }, 1000);

/** Every tensor that the graphs read, in float16. */
function randomWeights(ids: ComponentId[], config: object, seed = 0): Uint8Array {
  const graphs = ids.map((id) => buildComponentGraph(id, { file: 'config.json', config }, 'portable'));
  const tensors = exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr)));
  const header: Record<string, unknown> = {};
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const [i, { name, shape }] of tensors.entries()) {
    const { mean, deviation } = weightDistribution(name, shape);
    const values = gaussian(
      shape.reduce((product, n) => product * n, 1),
      seed + i,
    ).map((value) => mean + deviation * value);
    const bytes = new Uint8Array(floatToHalf(values).buffer);
    header[name] = { dtype: 'F16', shape, data_offsets: [end, (end += bytes.length)] };
    pieces.push(bytes);
  }
  return safetensorsBytes(header, Buffer.concat(pieces));
}
