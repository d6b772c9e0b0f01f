/** Which component a tensor of a single file belongs to, by the prefixes that A1111, ComfyUI, kohya and diffusers write. */
import type { CheckpointComponent } from '../opened';
import { currentName } from './diffusers-names';
import { ldmAutoencoderName } from './ldm-autoencoder';
import { ldmUnetName } from './ldm-unet';
import { openclipParts, type Part } from './openclip';
import { taesdName } from './taesd';

export interface Placement {
  component: CheckpointComponent;
  parts: readonly Part[];
  /** Whose words the name was in. */
  layout: 'ldm' | 'diffusers';
}

/** `leftover`: of training, or a constant that Gesso computes itself; no picture depends on it. */
export type Placed = Placement | 'leftover' | undefined;

type Rename = (name: string) => Pick<Placement, 'parts' | 'layout'> | undefined;

const one = (name: string | undefined, layout: Placement['layout']) =>
  name === undefined ? undefined : { parts: [{ name }], layout };

const DIFFUSERS_UNET =
  /^(conv_in|conv_out|conv_norm_out|time_embedding|add_embedding|down_blocks|mid_block|up_blocks)\./;
const DIFFUSERS_VAE = /^(encoder|decoder)\.(conv_\w+|down_blocks|mid_block|up_blocks)\./;
const DIFFUSERS_TAESD = /^(encoder|decoder)\.layers\.\d+\.(conv\.\d\.|skip\.)?(weight|bias)$/;
const CLIP =
  /^(text_model|embeddings|final_layer_norm|text_projection)\.|^encoder\.layers\.\d+\.(self_attn|layer_norm\d|mlp)\./;

const unet: Rename = (name) =>
  one(ldmUnetName(name), 'ldm') ?? one(DIFFUSERS_UNET.test(name) ? name : undefined, 'diffusers');
const vae: Rename = (name) =>
  one(ldmAutoencoderName(name), 'ldm') ?? one(DIFFUSERS_VAE.test(name) ? currentName(name) : undefined, 'diffusers');
const clip: Rename = (name) => one(CLIP.test(name) ? currentName(name) : undefined, 'ldm');
const openclip: Rename = (name) => {
  const parts = openclipParts(name);
  return parts.length > 0 ? { parts, layout: 'ldm' } : undefined;
};
const taesd: Rename = (name) => {
  const [, side, layer] = /^(encoder|decoder)\.(.+)$/.exec(name) ?? [];
  if (side === undefined) return undefined;
  return (
    one(taesdName(layer, side as 'encoder' | 'decoder'), 'ldm') ??
    one(DIFFUSERS_TAESD.test(name) ? name : undefined, 'diffusers')
  );
};
const bareClip: Rename = (name) => one(CLIP.test(name) ? currentName(name) : undefined, 'diffusers');

/** The first prefix that fits and whose rename knows the rest decides. */
const PLACES: readonly (readonly [string, CheckpointComponent, Rename])[] = [
  ['model.diffusion_model.', 'unet', unet],
  ['diffusion_model.', 'unet', unet],
  ['unet.', 'unet', unet],
  ['first_stage_model.', 'vae', vae],
  ['vae.', 'vae', vae],
  ['cond_stage_model.transformer.', 'text_encoder', clip],
  ['cond_stage_model.model.', 'text_encoder', openclip],
  ['conditioner.embedders.0.transformer.', 'text_encoder', clip],
  ['conditioner.embedders.0.model.', 'text_encoder', openclip],
  ['conditioner.embedders.1.model.', 'text_encoder_2', openclip],
  ['conditioner.embedders.1.transformer.', 'text_encoder_2', clip],
  ['text_encoders.clip_l.transformer.', 'text_encoder', clip],
  ['text_encoders.clip_g.transformer.', 'text_encoder_2', clip],
  ['text_encoder.', 'text_encoder', bareClip],
  ['text_encoder_2.', 'text_encoder_2', bareClip],
  ['taesd_', 'taesd', taesd],
  ['', 'taesd', taesd],
  ['', 'text_encoder', bareClip],
  ['', 'unet', unet],
  ['', 'vae', vae],
];

const LEFTOVERS: readonly RegExp[] = [
  /^model_ema\./,
  /(^|\.)position_ids$/,
  /(^|\.)logit_scale$/,
  /(^|\.)(alphas_cumprod(_prev)?|betas|sqrt_\w+|log_one_minus_\w+|posterior_\w+|lvlb_weights|logvar|scale_factor)$/,
  /^denoiser\./,
  /^(v_pred|ztsnr)$/,
  /^(first_stage_model\.)?loss\./,
  /^first_stage_model\.model_ema\./,
  /^embedding_manager\./,
  /^safety_checker\./,
  /(^|\.)scaled_fp8$/,
  // scaled float8: a weight's own multiplier is read with it, an input's is for hardware that multiplies in float8
  /\.(scale_weight|weight_scale|scale_input|input_scale)$/,
  /^cond_stage_model\.model\.attn_mask$|^conditioner\.embedders\.\d\.model\.attn_mask$/,
];

export const isLeftover = (key: string): boolean => LEFTOVERS.some((pattern) => pattern.test(key));

/** @param key as it stands in the file */
export function placeTensor(key: string): Placed {
  if (isLeftover(key)) return 'leftover';
  for (const [prefix, component, rename] of PLACES) {
    const found = key.startsWith(prefix) ? rename(key.slice(prefix.length)) : undefined;
    if (found) return { component, ...found };
  }
  return undefined;
}

/** A TAESD file has one side and no word for it: its decoder's first convolution is layer 1, its encoder's layer 0. */
export function taesdSide(keys: readonly string[]): 'taesd_encoder.' | 'taesd_decoder.' | '' {
  if (keys.length === 0 || !keys.every((key) => taesdName(key, 'encoder') !== undefined)) return '';
  return keys.includes('0.weight') ? 'taesd_encoder.' : 'taesd_decoder.';
}
