/** The sizes of a ControlNetModel or ControlNetUnionModel, read from its config.json. @see diffusers models/controlnets/controlnet.py */
import { ConfigReader } from '../read-config';
import { readEncoder, readHeads } from '../unet-config';
import type { UnetConfig } from '../unet-config';

export interface ControlNetConfig extends Omit<UnetConfig, 'outChannels'> {
  /** Channels between the hint's convolutions, from the picture downwards. */
  hintChannels: number[];
  /** Channels of the hint: 3. */
  hintInputs: number;
  /** The hint's first channel is blue. */
  isBgr: boolean;
  /** Each residual is replaced by its mean: what to paint, not where (shuffle). */
  pools: boolean;
  /** Union: how many kinds of hint one network knows. */
  kinds: number;
  /** Union: channels of each kind's wave. */
  kindWaveWidth: number;
}

const KINDS_OF_LEVEL = ['CrossAttnDownBlock2D', 'DownBlock2D'];

/** @throws AppError 'bad-file' or 'unsupported-model' naming the field */
export function readControlNetConfig(file: string, json: unknown): ControlNetConfig {
  const c = new ConfigReader(file, json);
  c.refuse('act_fn', 'silu', 'swish');
  c.refuse('class_embed_type');
  c.refuse('num_class_embeds');
  c.refuse('encoder_hid_dim');
  c.refuse('encoder_hid_dim_type');
  c.refuse('only_cross_attention', false);
  c.refuse('resnet_time_scale_shift', 'default');
  c.refuse('mid_block_scale_factor', 1);
  const channels = c.sizeList('block_out_channels');
  const types = c.texts('down_block_types');
  if (types.length !== channels.length) c.fail('down_block_types', types, `must have ${channels.length} entries`);
  const other = types.find((type) => !KINDS_OF_LEVEL.includes(type));
  if (other !== undefined) c.unsupported('down_block_types', other, `supported: ${KINDS_OF_LEVEL.join(', ')}`);
  const { heads, groups } = readHeads(c, channels);
  const depths = c.counts('transformer_layers_per_block', channels.length, 1);
  const attends = types.map((type) => type === 'CrossAttnDownBlock2D');
  const mid = c.choice('mid_block_type', ['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'], 'UNetMidBlock2DCrossAttn');
  const midDepth = mid === 'UNetMidBlock2D' ? 0 : depths[depths.length - 1];
  const added = c.choice('addition_embed_type', ['none', 'text_time'], 'none');
  return {
    inChannels: c.size('in_channels', 4),
    levels: channels.map((n, i) => ({
      channels: n,
      depth: attends[i] ? depths[i] : 0,
      heads: heads[i],
      isBare: attends[i] && depths[i] === 0,
    })),
    midDepth,
    isMidBare: mid !== 'UNetMidBlock2D' && midDepth === 0,
    // diffusers' own has one; other programs keep both without the attention between them
    isMidSingle: mid === 'UNetMidBlock2D' && c.size('mid_block_resnets', 1) === 1,
    ...readEncoder(c),
    groups,
    addedCondition:
      added === 'none'
        ? undefined
        : { width: c.size('projection_class_embeddings_input_dim'), waveWidth: c.size('addition_time_embed_dim', 256) },
    hintChannels: c.sizeList('conditioning_embedding_out_channels'),
    hintInputs: c.size('conditioning_channels', 3),
    isBgr: c.choice('controlnet_conditioning_channel_order', ['rgb', 'bgr'], 'rgb') === 'bgr',
    pools: c.flag('global_pool_conditions', false),
    kinds: c.counts('num_control_type', 1, 0)[0],
    kindWaveWidth: c.size('addition_time_embed_dim', 256),
  };
}
