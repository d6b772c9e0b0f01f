/** The U-Net as files have it. */
import { ldmUnetName } from '../names/ldm-unet';
import { firstShape, unetSigns, type Shapes } from '../unet-signs';
import { countOf, HEAD_WIDTH, oneTensor, type Config, type Published, type Rename } from './published';

const DIFFUSERS = /^(conv_in|conv_out|conv_norm_out|time_embedding|add_embedding|down_blocks|mid_block|up_blocks)\./;

const rename: Rename = (name) =>
  oneTensor(ldmUnetName(name), 'ldm') ?? oneTensor(DIFFUSERS.test(name) ? name : undefined, 'diffusers');

export const publishedUnet: Published = {
  name: 'U-Net',
  partName: 'U-Net',
  isFolder: true,
  parts: [{ component: 'unet' }],
  places: [
    ['model.diffusion_model.', rename],
    ['diffusion_model.', rename],
    ['unet.', rename],
    ['', rename],
  ],
  essential: [['conv_in.weight'], ['down_blocks.0.resnets.0.conv1.weight']],
  signs: unetSigns,
  config: unetConfig,
};

function unetConfig(tensors: Shapes, base: Config): Config {
  const shape = (name: string): readonly number[] | undefined => tensors.get(name)?.shape;
  const levels = Array.from({ length: countOf(tensors, 'down_blocks.') }, (_, i) => `down_blocks.${i}.`);
  const channels = levels.map((level) => shape(`${level}resnets.0.conv1.weight`)?.[0] ?? 0);
  const middle = countOf(tensors, 'mid_block.attentions.0.transformer_blocks.');
  const depths = levels.map((level) => countOf(tensors, `${level}attentions.0.transformer_blocks.`));
  const attends = depths.map((depth) => depth > 0);
  return {
    ...base,
    in_channels: shape('conv_in.weight')?.[1] ?? base['in_channels'],
    out_channels: shape('conv_out.weight')?.[0] ?? base['out_channels'],
    block_out_channels: channels,
    down_block_types: attends.map((has) => (has ? 'CrossAttnDownBlock2D' : 'DownBlock2D')),
    up_block_types: attends.toReversed().map((has) => (has ? 'CrossAttnUpBlock2D' : 'UpBlock2D')),
    layers_per_block: countOf(tensors, 'down_blocks.0.resnets.'),
    cross_attention_dim: firstShape(tensors, /\.attn2\.to_k\.weight$/)?.[1] ?? base['cross_attention_dim'],
    attention_head_dim: headsOf(base, channels),
    ...depthFields(depths, middle),
    ...(middle === 0 && { mid_block_type: 'UNetMidBlock2D' }),
    ...addedFields(shape('add_embedding.linear_1.weight')),
  };
}

/** One number of heads whatever the width, where the published model has it so; else heads of one width. */
function headsOf({ attention_head_dim: published }: Config, channels: readonly number[]): unknown {
  return typeof published === 'number' ? published : channels.map((n) => Math.max(Math.floor(n / HEAD_WIDTH), 1));
}

/** Where a level has no attention, its number is not used, but the middle has the last level's. */
function depthFields(depths: readonly number[], middle: number): Config {
  const all = depths.map((depth, i) => (i === depths.length - 1 ? Math.max(middle, 1) : Math.max(depth, 1)));
  return all.every((depth) => depth === 1) ? {} : { transformer_layers_per_block: all };
}

function addedFields(shape: readonly number[] | undefined): Config {
  return shape?.[1] === undefined ? {} : { projection_class_embeddings_input_dim: shape[1] };
}
