/** The hub's config.json of each component of a file that has none: the family's, with the sizes that the tensors have. */
import { FAMILY_CONFIGS, type FamilyConfigId } from '../families/configs';
import type { Tensors } from './collect';
import { firstShape } from './family';

/** Widths of a head in everything but Stable Diffusion 1, which has 8 heads whatever the width. */
const HEAD_WIDTH = 64;
const SD15_HEADS = 8;

/** OpenCLIP-H has 24 layers, of which Stable Diffusion 2 uses all but the last; diffusers' files end there. */
const OPEN_CLIP_H_LAYERS = 24;

type Config = Record<string, unknown>;

/** @returns how many there are of `prefix`0, `prefix`1, ... without a gap */
function countOf(tensors: Tensors, prefix: string): number {
  const found = new Set<number>();
  for (const name of tensors.keys())
    if (name.startsWith(prefix)) found.add(Number.parseInt(name.slice(prefix.length), 10));
  let count = 0;
  while (found.has(count)) count++;
  return count;
}

export function unetConfig(id: FamilyConfigId, tensors: Tensors): Config {
  const base: Config = { ...FAMILY_CONFIGS[id].unet };
  const shape = (name: string): readonly number[] | undefined => tensors.get(name)?.shape;
  const levels = Array.from({ length: countOf(tensors, 'down_blocks.') }, (_, i) => `down_blocks.${i}.`);
  const channels = levels.map((level) => shape(`${level}resnets.0.conv1.weight`)?.[0] ?? 0);
  const middle = countOf(tensors, 'mid_block.attentions.0.transformer_blocks.');
  const depths = levels.map((level) => countOf(tensors, `${level}attentions.0.transformer_blocks.`));
  const attends = depths.map((depth) => depth > 0);
  const isSd15 = id.startsWith('sd15');
  return {
    ...base,
    in_channels: shape('conv_in.weight')?.[1] ?? base['in_channels'],
    out_channels: shape('conv_out.weight')?.[0] ?? base['out_channels'],
    block_out_channels: channels,
    down_block_types: attends.map((has) => (has ? 'CrossAttnDownBlock2D' : 'DownBlock2D')),
    up_block_types: attends.toReversed().map((has) => (has ? 'CrossAttnUpBlock2D' : 'UpBlock2D')),
    layers_per_block: countOf(tensors, 'down_blocks.0.resnets.'),
    cross_attention_dim: firstShape(tensors, /\.attn2\.to_k\.weight$/)?.[1] ?? base['cross_attention_dim'],
    attention_head_dim: isSd15 ? SD15_HEADS : channels.map((n) => Math.max(Math.floor(n / HEAD_WIDTH), 1)),
    ...depthFields(depths, middle),
    ...(middle === 0 && { mid_block_type: 'UNetMidBlock2D' }),
    ...addedFields(shape('add_embedding.linear_1.weight')),
  };
}

/** Where a level has no attention, its number is not used, but the middle has the last level's. */
function depthFields(depths: readonly number[], middle: number): Config {
  const all = depths.map((depth, i) => (i === depths.length - 1 ? Math.max(middle, 1) : Math.max(depth, 1)));
  return all.every((depth) => depth === 1) ? {} : { transformer_layers_per_block: all };
}

function addedFields(shape: readonly number[] | undefined): Config {
  return shape?.[1] === undefined ? {} : { projection_class_embeddings_input_dim: shape[1] };
}

export function vaeConfig(id: FamilyConfigId, tensors: Tensors): Config {
  const side = tensors.has('decoder.conv_in.weight') ? 'decoder.up_blocks.' : 'encoder.down_blocks.';
  const count = countOf(tensors, side);
  const channels = Array.from(
    { length: count },
    (_, i) => tensors.get(`${side}${i}.resnets.0.conv1.weight`)?.shape[0] ?? 0,
  );
  const isDecoder = side.startsWith('decoder');
  return {
    ...FAMILY_CONFIGS[id].vae,
    block_out_channels: isDecoder ? channels.toReversed() : channels,
    down_block_types: Array.from({ length: count }, () => 'DownEncoderBlock2D'),
    up_block_types: Array.from({ length: count }, () => 'UpDecoderBlock2D'),
    layers_per_block: countOf(tensors, `${side}0.resnets.`) - (isDecoder ? 1 : 0),
    latent_channels: tensors.get('decoder.conv_in.weight')?.shape[1] ?? 4,
    use_quant_conv: tensors.has('quant_conv.weight') || !tensors.has('encoder.conv_in.weight'),
    use_post_quant_conv: tensors.has('post_quant_conv.weight') || !tensors.has('decoder.conv_in.weight'),
  };
}

/** @param base  the family's: the activation is in no tensor */
export function clipConfig(base: object, tensors: Tensors): Config {
  const token = tensors.get('text_model.embeddings.token_embedding.weight')?.shape ?? [];
  const width = token[1] ?? 0;
  const layers = countOf(tensors, 'text_model.encoder.layers.');
  const projection = tensors.get('text_projection.weight')?.shape[0];
  const fields = base as Config;
  return {
    ...fields,
    vocab_size: token[0] ?? fields['vocab_size'],
    hidden_size: width,
    intermediate_size: firstShape(tensors, /\.mlp\.fc1\.weight$/)?.[0] ?? fields['intermediate_size'],
    num_attention_heads: Math.max(Math.floor(width / HEAD_WIDTH), 1),
    num_hidden_layers: width === 1024 && layers === OPEN_CLIP_H_LAYERS ? layers - 1 : layers,
    max_position_embeddings:
      tensors.get('text_model.embeddings.position_embedding.weight')?.shape[0] ?? fields['max_position_embeddings'],
    ...(projection !== undefined && isProjected(fields) && { projection_dim: projection }),
  };
}

const isProjected = ({ architectures }: Config): boolean =>
  Array.isArray(architectures) && architectures.includes('CLIPTextModelWithProjection');

/** AutoencoderTiny: as many channels everywhere, 64 in the published ones. @see diffusers autoencoder_tiny.py */
export function taesdConfig(tensors: Tensors): Config {
  const first = tensors.get('decoder.layers.0.weight') ?? tensors.get('encoder.layers.0.weight');
  const widths = Array.from({ length: 4 }, () => first?.shape[0] ?? 64);
  return {
    _class_name: 'AutoencoderTiny',
    act_fn: 'relu',
    in_channels: 3,
    out_channels: 3,
    latent_channels:
      tensors.get('decoder.layers.0.weight')?.shape[1] ?? tensors.get('encoder.layers.14.weight')?.shape[0],
    encoder_block_out_channels: widths,
    decoder_block_out_channels: widths,
    num_encoder_blocks: [1, 3, 3, 3],
    num_decoder_blocks: [3, 3, 3, 1],
    upsampling_scaling_factor: 2,
    scaling_factor: 1,
  };
}
