/** Whole models of every family with few layers, full of numbers that are the same everywhere: folders in the hub's layout. */
import { bytesSource, type ByteSource } from '../../formats';
import { safetensorsBytes } from '../../formats/testing/safetensors-bytes';
import { elementCount, exprTensors } from '../../graph';
import { floatToHalf } from '../../math';
import { buildComponentGraph } from '../../networks';
import { FAMILY_CONFIGS } from '../../families/configs';
import type { ComponentId } from '../../networks/components';

export const SMALL_FAMILIES = ['sd15', 'sd15-inpaint', 'sd21', 'sdxl'] as const;
export type SmallFamily = (typeof SMALL_FAMILIES)[number];

/** `true`: the widths of the published models; `narrow`: a few kB. */
export type Width = 'true' | 'narrow';

type Config = Record<string, unknown>;
type Configs = Partial<Record<'text_encoder' | 'text_encoder_2' | 'unet' | 'vae', Config>>;

/** What a folder's weights are called, and the components that are made of them. */
const FOLDERS = {
  text_encoder: ['model', ['text_encoder']],
  text_encoder_2: ['model', ['text_encoder_2']],
  unet: ['diffusion_pytorch_model', ['unet']],
  vae: ['diffusion_pytorch_model', ['vae_decoder', 'vae_encoder']],
} as const satisfies Record<keyof Configs, [string, ComponentId[]]>;

function smallConfigs(family: SmallFamily, width: Width): Configs {
  const {
    text_encoder,
    unet,
    vae,
    ...more
  }: { text_encoder: object; text_encoder_2?: object; unet: object; vae: object } = FAMILY_CONFIGS[family];
  const isXl = family === 'sdxl';
  const isNarrow = width === 'narrow';
  const text = { vocab_size: 100, eos_token_id: 99, num_hidden_layers: isNarrow ? 2 : 1 };
  const narrow = { hidden_size: 32, intermediate_size: 32, num_attention_heads: 4, projection_dim: 32 };
  const ownText = isNarrow ? { ...text, ...narrow } : text;
  const twoLevels = {
    down_block_types: isXl ? ['DownBlock2D', 'CrossAttnDownBlock2D'] : ['CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: isXl ? ['CrossAttnUpBlock2D', 'UpBlock2D'] : ['UpBlock2D', 'CrossAttnUpBlock2D'],
    transformer_layers_per_block: isXl ? [1, 2] : 1,
    block_out_channels: [8, 32],
    norm_num_groups: 4,
    attention_head_dim: [2, 4],
    cross_attention_dim: isXl ? 64 : 32,
    ...(isXl && { addition_time_embed_dim: 8, projection_class_embeddings_input_dim: 32 + 6 * 8 }),
  };
  const oneLevel = {
    down_block_types: ['CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D'],
    transformer_layers_per_block: 1,
    block_out_channels: [320],
    attention_head_dim: family === 'sd15' || family === 'sd15-inpaint' ? 8 : [5],
  };
  const ownVae = {
    layers_per_block: 1,
    ...(isNarrow ? { block_out_channels: [8, 24], norm_num_groups: 4 } : { block_out_channels: [128, 512] }),
    down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
    up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  };
  return {
    text_encoder: { ...text_encoder, ...ownText },
    ...(more.text_encoder_2 && { text_encoder_2: { ...more.text_encoder_2, ...ownText } }),
    unet: { ...unet, layers_per_block: 1, ...(isNarrow ? twoLevels : oneLevel) },
    vae: { ...vae, ...ownVae },
  };
}

/** Float16 checkpoints as `importCheckpoint` takes them. */
export function smallModel(family: SmallFamily, width: Width): ByteSource[] {
  const json = (path: string, value: unknown): ByteSource =>
    bytesSource(path, new TextEncoder().encode(JSON.stringify(value)));
  const sources = [json('scheduler/scheduler_config.json', FAMILY_CONFIGS[family].scheduler)];
  for (const [folder, config] of Object.entries(smallConfigs(family, width)) as [keyof Configs, Config][]) {
    const [weights, ids] = FOLDERS[folder];
    const graphs = ids.map((id) => buildComponentGraph(id, { file: folder, config }, 'portable'));
    const tensors = exprTensors(graphs.flatMap((graph) => graph.weights.map(({ expr }) => expr)));
    sources.push(
      json(`${folder}/config.json`, config),
      bytesSource(`${folder}/${weights}.safetensors`, fileOf(tensors)),
    );
  }
  return sources;
}

function fileOf(tensors: readonly { name: string; shape: readonly number[] }[]): Uint8Array<ArrayBuffer> {
  const counts = tensors.map(({ shape }) => elementCount(shape));
  const data = new Uint16Array(counts.reduce((sum, count) => sum + count, 0));
  const header: Record<string, unknown> = {};
  let at = 0;
  tensors.forEach(({ name, shape }, i) => {
    header[name] = { dtype: 'F16', shape, data_offsets: [2 * at, 2 * (at + counts[i])] };
    data.set(floatToHalf(numbersOf(name, shape)), at);
    at += counts[i];
  });
  return safetensorsBytes(header, new Uint8Array(data.buffer));
}

/** Steps of the numbers within their spread: few, so that fixtures can be compressed. */
const STEPS = 2 ** 3;

/** Gains around 1, all else around 0 and so small that a layer neither grows nor shrinks what it gets; the same in every engine. */
function numbersOf(name: string, shape: readonly number[]): Float32Array {
  const isGain = shape.length === 1 && name.endsWith('weight');
  const inputs = shape.length === 1 ? 400 : elementCount(shape.slice(1));
  const spread = 2 / Math.sqrt(inputs);
  let state = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 1) | 1;
  return Float32Array.from({ length: elementCount(shape) }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (isGain ? 1 : 0) + (spread * (state >> 28)) / STEPS;
  });
}
