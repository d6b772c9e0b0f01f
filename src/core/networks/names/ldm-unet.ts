/** U-Net tensor names of the original (LDM) layout, as A1111, ComfyUI and Civitai files have them, in diffusers' words. */

/** Resnets on the way up per level: two on the way down and one more, in every published U-Net. */
const UP_RESNETS = 3;

const RESNET_PARTS: Record<string, string> = {
  'in_layers.0': 'norm1',
  'in_layers.2': 'conv1',
  'emb_layers.1': 'time_emb_proj',
  'out_layers.0': 'norm2',
  'out_layers.3': 'conv2',
  skip_connection: 'conv_shortcut',
};

const TOP_LEVEL: Record<string, string> = {
  'time_embed.0': 'time_embedding.linear_1',
  'time_embed.2': 'time_embedding.linear_2',
  'label_emb.0.0': 'add_embedding.linear_1',
  'label_emb.0.2': 'add_embedding.linear_2',
  'input_blocks.0.0': 'conv_in',
  'out.0': 'conv_norm_out',
  'out.2': 'conv_out',
};

/**
 * @param name  without `model.diffusion_model.`: "input_blocks.4.1.proj_in.weight"
 * @returns diffusers' name, or undefined where the name is no part of a Stable Diffusion U-Net
 * @see CompVis/stable-diffusion openaimodel.py UNetModel; diffusers loaders/single_file_utils.py
 */
export function ldmUnetName(name: string): string | undefined {
  const [, module, leaf] = /^(.*)\.(weight|bias)$/.exec(name) ?? [];
  if (module === undefined) return undefined;
  const known = TOP_LEVEL[module] ?? blockName(module);
  return known === undefined ? undefined : `${known}.${leaf}`;
}

function blockName(module: string): string | undefined {
  const [, side, index, slot, rest] =
    /^(input_blocks|output_blocks|middle_block)\.(\d+)(?:\.(\d+))?\.(.+)$/.exec(module) ?? [];
  if (side === undefined) return undefined;
  if (side === 'middle_block') return middleName(Number(index), slot === undefined ? rest : `${slot}.${rest}`);
  if (slot === undefined) return undefined;
  return side === 'input_blocks' ? downName(Number(index) - 1, slot, rest) : upName(Number(index), slot, rest);
}

function middleName(index: number, rest: string): string | undefined {
  if (index === 1) return `mid_block.attentions.0.${rest}`;
  return index === 0 || index === 2 ? resnetName(`mid_block.resnets.${index / 2}`, rest) : undefined;
}

/** Each level: resnets (with attention in slot 1), then a downsampler. */
function downName(position: number, slot: string, rest: string): string | undefined {
  const level = `down_blocks.${Math.floor(position / UP_RESNETS)}`;
  const at = position % UP_RESNETS;
  if (slot === '0' && rest === 'op') return `${level}.downsamplers.0.conv`;
  if (slot === '0') return resnetName(`${level}.resnets.${at}`, rest);
  return slot === '1' ? `${level}.attentions.${at}.${rest}` : undefined;
}

/** The upsampler stands after the last resnet: in slot 1 where the level has no attention, else in slot 2. */
function upName(position: number, slot: string, rest: string): string | undefined {
  const level = `up_blocks.${Math.floor(position / UP_RESNETS)}`;
  const at = position % UP_RESNETS;
  if (slot !== '0' && rest === 'conv') return `${level}.upsamplers.0.conv`;
  if (slot === '0') return resnetName(`${level}.resnets.${at}`, rest);
  return slot === '1' ? `${level}.attentions.${at}.${rest}` : undefined;
}

function resnetName(resnet: string, part: string): string | undefined {
  return part in RESNET_PARTS ? `${resnet}.${RESNET_PARTS[part]}` : undefined;
}
