/** What an input takes, as far as its name tells: makers of nodes keep the names of ComfyUI's. */
import type { Literal, Link } from './graph';
import { isTextName } from './text-nodes';

export type Kind = 'conditioning' | 'model' | 'clip' | 'vae' | 'latent' | 'image' | 'text' | 'number' | 'choice';

const NAMES: readonly (readonly [kind: Kind, names: RegExp])[] = [
  ['conditioning', /(^|_|\b)(positive|negative|pos|neg|cond(itioning)?)(_|\b|\d|$)/i],
  ['clip', /^(opt_|optional_|base_)?clip(_optional|_opt|\d)?$/i],
  ['vae', /^(opt_|optional_|base_)?vae(_optional|_opt)?$/i],
  ['model', /^(opt_|optional_|base_|src_)?model(_optional|_opt|s|\d)?$/i],
  ['latent', /latent(?!.*(width|height))|^samples\d?$/i],
  ['image', /^(images?|pixels?|img|picture|frames)(_?\w)?$/i],
];

export function kindOfLink(name: string): Kind | undefined {
  return NAMES.find(([, names]) => names.test(name))?.[0] ?? (isTextName(name) ? 'text' : undefined);
}

/** Does this input, literal or not, hold what is wanted? */
export function isOfKind(name: string, value: Literal | Link, kind: Kind): boolean {
  if (typeof value === 'object')
    return (
      kindOfLink(name) === kind ||
      (kind === 'text' && isTextName(name)) ||
      (kind === 'number' && NUMBER_NAME.test(name))
    );
  if (kind === 'text') return typeof value === 'string' && isTextName(name);
  if (kind === 'conditioning')
    return typeof value === 'string' && kindOfLink(name) === 'conditioning' && !/style|name|weight|log/i.test(name);
  if (kind === 'number') return typeof value === 'number' || /^-?\d{16,20}$/.test(String(value));
  return kind === 'choice' && typeof value === 'string';
}

const NUMBER_NAME =
  /steps?|cfg|guidance|seed|width|height|denoise|^int$|^float$|^number$|^value$|^[abc]$|scale|factor/i;

/** Other names of the same thing. */
const SAME: Readonly<Record<string, RegExp>> = {
  positive: /(^|_|\b)pos(itive)?(_|\b|\d|$)|^conditioning\+$/i,
  negative: /(^|_|\b)neg(ative)?(_|\b|\d|$)|^conditioning-$/i,
  steps: /^(total_)?steps?(_total|_count)?$|^num_?steps$|_steps$/i,
  cfg: /^cfg(_scale)?$|^guidance(_scale)?$/i,
  seed: /seed(_num|_value)?$/i,
  noise_seed: /seed(_num|_value)?$/i,
  sampler_name: /^sampler(_name)?$/i,
  scheduler: /^schedulers?(_name)?$/i,
  width: /(^|_)width$/i,
  height: /(^|_)height$/i,
  denoise: /denoise|denoising|strength/i,
};

export function isSameRole(name: string, role: string): boolean {
  return name.toLowerCase() === role.toLowerCase() || (Object.hasOwn(SAME, role) && SAME[role].test(name));
}

/** A role that decides between two texts or two conditionings. */
export function sideOf(name: string): 'positive' | 'negative' | undefined {
  return isSameRole(name, 'negative') ? 'negative' : isSameRole(name, 'positive') ? 'positive' : undefined;
}

/** Links that carry many things at once. */
export const PIPE = /pipe|^context|_ctx$|^ctx|^bus$|^dependencies$|^sdxl_tuple$|^tuple$|^script$/i;
