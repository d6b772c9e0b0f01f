/** U-Net layers in the original (LDM) layout's words: what `ldmUnetName` reads, the other way round. */

/** Resnets on the way down per level, and one more on the way up, in every published U-Net. */
const [DOWN_RESNETS, UP_RESNETS] = [2, 3];

const RESNET_PARTS: Readonly<Record<string, string>> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
};

const TOP_LEVEL: Readonly<Record<string, string>> = {
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  'add_embedding.linear_1': 'label_emb.0.0',
  'add_embedding.linear_2': 'label_emb.0.2',
  conv_in: 'input_blocks.0.0',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
};

/**
 * @param layer  diffusers' name without `.weight`: "down_blocks.1.attentions.0.proj_in"
 * @param attends  whether a level of the way up has attention: its upsampler stands behind that
 * @returns undefined where LDM has no such layer
 * @see CompVis/stable-diffusion openaimodel.py UNetModel; diffusers loaders/single_file_utils.py
 */
export function toLdmUnetLayer(layer: string, attends: (upLevel: number) => boolean): string | undefined {
  if (Object.hasOwn(TOP_LEVEL, layer)) return TOP_LEVEL[layer];
  const [, middle, which, inMiddle] = /^mid_block\.(resnets|attentions)\.(\d)\.(.+)$/.exec(layer) ?? [];
  if (middle === 'attentions') return `middle_block.1.${inMiddle}`;
  if (middle === 'resnets') return inResnet(`middle_block.${2 * Number(which)}`, inMiddle);
  const [, side, level, list, index, rest] = /^(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.(.+)$/.exec(layer) ?? [];
  if (side === undefined) return undefined;
  const block = blockOf(side === 'down', Number(level), Number(index));
  if (list === 'resnets') return inResnet(`${block}.0`, rest);
  if (list === 'attentions') return `${block}.1.${rest}`;
  if (list === 'downsamplers' && rest === 'conv') return `${blockOf(true, Number(level), DOWN_RESNETS)}.0.op`;
  if (list !== 'upsamplers' || rest !== 'conv') return undefined;
  return `${blockOf(false, Number(level), UP_RESNETS - 1)}.${attends(Number(level)) ? 2 : 1}.conv`;
}

/** Block 0 of the way down is `conv_in`. */
const blockOf = (isDown: boolean, level: number, index: number): string =>
  isDown ? `input_blocks.${1 + (DOWN_RESNETS + 1) * level + index}` : `output_blocks.${UP_RESNETS * level + index}`;

const inResnet = (block: string, part: string): string | undefined =>
  Object.hasOwn(RESNET_PARTS, part) ? `${block}.${RESNET_PARTS[part]}` : undefined;
