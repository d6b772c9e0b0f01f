/** The sizes of a UNet2DConditionModel, read from its config.json. @see diffusers models/unets/unet_2d_condition.py */
import { ConfigReader } from './read-config';

export interface UnetLevel {
  channels: number;
  /** Transformer blocks after each resnet; 0 where the level has no attention. */
  depth: number;
  heads: number;
  /** It has the transformer's norm and projections, and no blocks between them: small ControlNets. */
  isBare?: boolean;
}

export interface UnetConfig {
  inChannels: number;
  outChannels: number;
  /** Levels from the full latent size downwards. */
  levels: UnetLevel[];
  /** Transformer blocks in the middle, which has attention even where the lowest level has none. */
  midDepth: number;
  /** The middle is bare as a level can be: see UnetLevel. */
  isMidBare?: boolean;
  /** The middle is one resnet, as ControlNets without attention have it. */
  isMidSingle?: boolean;
  /** Resnets per level on the way down; one more on the way up. */
  layersPerBlock: number;
  /** Width of the text encoder's vectors. */
  contextWidth: number;
  groups: number;
  epsilon: number;
  downsamplePadding: number;
  /** Whether proj_in and proj_out are linear layers (SD 2) instead of 1x1 convolutions. */
  linearProjection: boolean;
  /** Whether attention needs float32: its products pass 65504, half precision's largest number (SD 2.1). */
  upcastAttention: boolean;
  flipSinToCos: boolean;
  frequencyShift: number;
  /** SDXL: pooled text and sizes join the time embedding. */
  addedCondition: AddedCondition | undefined;
}

/** What SDXL's U-Nets take beside the text: a pooled text vector, and sinusoids of sizes (`sizeWaves`). */
export interface AddedCondition {
  /** Pooled width plus `sizes` times `waveWidth`. */
  width: number;
  /** Channels of each size's sinusoid. */
  waveWidth: number;
}

/** @throws AppError 'bad-file' or 'unsupported-model' naming the field */
export function readUnetConfig(file: string, json: unknown): UnetConfig {
  const c = new ConfigReader(file, json);
  refuseOtherKinds(c);
  const channels = c.sizeList('block_out_channels');
  const count = channels.length;
  const down = c.texts('down_block_types');
  const up = c.texts('up_block_types');
  if (down.length !== count) c.fail('down_block_types', down, `must have ${count} entries`);
  const attends = down.map((type) => hasAttention(c, 'down_block_types', type, 'CrossAttnDownBlock2D', 'DownBlock2D'));
  const upAttends = up.map((type) => hasAttention(c, 'up_block_types', type, 'CrossAttnUpBlock2D', 'UpBlock2D'));
  if (upAttends.reverse().join() !== attends.join())
    c.unsupported('up_block_types', up, 'must mirror down_block_types');
  c.choice('mid_block_type', ['UNetMidBlock2DCrossAttn'], 'UNetMidBlock2DCrossAttn');
  const { heads, groups } = readHeads(c, channels);
  const depths = c.sizes('transformer_layers_per_block', count, 1);
  return {
    inChannels: c.size('in_channels', 4),
    outChannels: c.size('out_channels', 4),
    levels: channels.map((n, i) => ({ channels: n, depth: attends[i] ? depths[i] : 0, heads: heads[i] })),
    midDepth: depths[count - 1],
    ...readEncoder(c),
    groups,
    addedCondition: readAddedCondition(c),
  };
}

/** What a ControlNet has in common with the half of a U-Net that it copies, besides levels and heads. */
export function readEncoder(c: ConfigReader) {
  return {
    layersPerBlock: c.size('layers_per_block', 2),
    contextWidth: c.size('cross_attention_dim', 1280),
    epsilon: c.number('norm_eps', 1e-5),
    downsamplePadding: c.number('downsample_padding', 1),
    linearProjection: c.flag('use_linear_projection', false),
    upcastAttention: c.flag('upcast_attention', false),
    flipSinToCos: c.flag('flip_sin_to_cos', true),
    frequencyShift: c.number('freq_shift', 0),
  };
}

/** Heads of each level, and groups of norms. */
export function readHeads(c: ConfigReader, channels: readonly number[]): { heads: number[]; groups: number } {
  const count = channels.length;
  // In published configs attention_head_dim is the *number* of heads; num_attention_heads overrides it where it is set.
  const heads = c.sizes('num_attention_heads', count, c.sizes('attention_head_dim', count, 8));
  const groups = c.size('norm_num_groups', 32);
  if (channels[0] % 2 !== 0) c.fail('block_out_channels', channels, 'must begin with an even number');
  channels.forEach((n, level) => {
    if (n % groups !== 0) c.fail('norm_num_groups', groups, `must divide ${n}, the channels of level ${level}`);
    if (n % heads[level] !== 0)
      c.fail('attention_head_dim', heads[level], `must divide ${n}, the channels of level ${level}`);
  });
  return { heads, groups };
}

function readAddedCondition(c: ConfigReader): AddedCondition | undefined {
  const kind = c.choice('addition_embed_type', ['none', 'text_time'], 'none');
  if (kind === 'none') return undefined;
  return { width: c.size('projection_class_embeddings_input_dim'), waveWidth: c.size('addition_time_embed_dim') };
}

function hasAttention(c: ConfigReader, field: string, type: string, withAttention: string, without: string): boolean {
  if (type === withAttention) return true;
  return type === without ? false : c.unsupported(field, type, `supported: ${withAttention}, ${without}`);
}

function refuseOtherKinds(c: ConfigReader): void {
  c.refuse('act_fn', 'silu', 'swish');
  c.refuse('class_embed_type');
  c.refuse('num_class_embeds');
  c.refuse('encoder_hid_dim');
  c.refuse('encoder_hid_dim_type');
  c.refuse('time_embedding_type', 'positional');
  c.refuse('time_cond_proj_dim');
  c.refuse('timestep_post_act');
  c.refuse('time_embedding_act_fn');
  c.refuse('resnet_time_scale_shift', 'default');
  c.refuse('resnet_skip_time_act', false);
  c.refuse('resnet_out_scale_factor', 1);
  c.refuse('mid_block_scale_factor', 1);
  c.refuse('only_cross_attention', false);
  c.refuse('mid_block_only_cross_attention', false);
  c.refuse('dual_cross_attention', false);
  c.refuse('cross_attention_norm');
  c.refuse('attention_type', 'default');
  c.refuse('center_input_sample', false);
  c.refuse('conv_in_kernel', 3);
  c.refuse('conv_out_kernel', 3);
  c.refuse('class_embeddings_concat', false);
  c.refuse('reverse_transformer_layers_per_block');
}
