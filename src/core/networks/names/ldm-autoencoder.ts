/** Autoencoder tensor names of the original (LDM) layout in diffusers' words. */

/** Levels of every published autoencoder; the decoder counts them from the picture, diffusers from the latent. */
const LEVELS = 4;

const ATTENTION_PARTS: Record<string, string> = {
  norm: 'group_norm',
  q: 'to_q',
  k: 'to_k',
  v: 'to_v',
  proj_out: 'to_out.0',
};

/**
 * @param name  without `first_stage_model.`: "decoder.up.3.block.0.nin_shortcut.weight"
 * @returns diffusers' name, or undefined where the name is no part of an autoencoder
 * @see CompVis/stable-diffusion modules/diffusionmodules/model.py; diffusers loaders/single_file_utils.py
 */
export function ldmAutoencoderName(name: string): string | undefined {
  if (/^(post_)?quant_conv\./.test(name)) return name;
  const [, side, rest] = /^(encoder|decoder)\.(.+)$/.exec(name) ?? [];
  if (side === undefined) return undefined;
  const inside = insideName(rest);
  return inside === undefined ? undefined : `${side}.${inside}`;
}

function insideName(rest: string): string | undefined {
  if (/^conv_(in|out)\./.test(rest)) return rest;
  if (rest.startsWith('norm_out.')) return rest.replace('norm_out', 'conv_norm_out');
  const [, way, level, inLevel] = /^(down|up)\.(\d)\.(.+)$/.exec(rest) ?? [];
  if (way !== undefined) return levelName(way, Number(level), inLevel);
  const [, resnet, inResnet] = /^mid\.block_([12])\.(.+)$/.exec(rest) ?? [];
  if (resnet !== undefined) return `mid_block.resnets.${Number(resnet) - 1}.${shortcut(inResnet)}`;
  const [, part, leaf] = /^mid\.attn_1\.(\w+)\.(weight|bias)$/.exec(rest) ?? [];
  if (part === undefined || !(part in ATTENTION_PARTS)) return undefined;
  return `mid_block.attentions.0.${ATTENTION_PARTS[part]}.${leaf}`;
}

function levelName(way: string, level: number, rest: string): string | undefined {
  const block = way === 'down' ? `down_blocks.${level}` : `up_blocks.${LEVELS - 1 - level}`;
  const [, resnet, inResnet] = /^block\.(\d+)\.(.+)$/.exec(rest) ?? [];
  if (resnet !== undefined) return `${block}.resnets.${resnet}.${shortcut(inResnet)}`;
  const [, direction, leaf] = /^(down|up)sample\.conv\.(weight|bias)$/.exec(rest) ?? [];
  return direction === undefined ? undefined : `${block}.${direction}samplers.0.conv.${leaf}`;
}

const shortcut = (name: string): string => name.replace(/^nin_shortcut/, 'conv_shortcut');
