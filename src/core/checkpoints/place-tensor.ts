/** Which component a tensor of a single file belongs to, by the prefixes that A1111, ComfyUI, kohya and diffusers write. */
import type { Part } from '../networks/names/openclip';
import { publishedIds, publishedOf, type Layout, type PublishedId, type Rename } from '../networks/published';

export interface TensorPlacement {
  component: PublishedId;
  parts: readonly Part[];
  layout: Layout;
}

/** `leftover`: of training, or a constant that Gesso computes itself; no picture depends on it. */
export type Placed = TensorPlacement | 'leftover' | undefined;

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

interface Place {
  prefix: string;
  component: PublishedId;
  rename: Rename;
}

/** The first prefix that fits and whose rename knows the rest decides; bare names come last. */
function places(): Place[] {
  const all = publishedIds().flatMap((component) =>
    publishedOf(component).places.map(([prefix, rename]) => ({ prefix, component, rename })),
  );
  return all.sort((a, b) => Number(a.prefix === '') - Number(b.prefix === ''));
}

/** @returns what says of a key as it stands in a file where it belongs */
export function createPlacing(): (key: string) => Placed {
  const known = places();
  return (key) => {
    if (isLeftover(key)) return 'leftover';
    for (const { prefix, component, rename } of known) {
      const found = key.startsWith(prefix) ? rename(key.slice(prefix.length)) : undefined;
      if (found) return { component, ...found };
    }
    return undefined;
  };
}

/** The prefix to read files with whose names have no word for what they are. */
function filePrefix(keys: readonly string[]): string {
  for (const id of publishedIds()) {
    const prefix = publishedOf(id).prefixOf?.(keys) ?? '';
    if (prefix !== '') return prefix;
  }
  return '';
}

/** What torch.compile and data parallel training put into names. */
const OF_TRAINING = /(^|\.)(?:_orig_mod|module)\.(?=.)/g;
const MOST_WRAPPERS = 3;

/**
 * Names as a layout has them: without what trainers wrap around a whole file ("state_dict.", "model.", "_orig_mod."), where that
 * makes sense of most of it, and with the word for what the file is, where its names lack it.
 */
export function withoutWrapping(keys: readonly string[]): (key: string) => string {
  const place = createPlacing();
  const plain = keys.some((key) => /(^|\.)(_orig_mod|module)\./.test(key))
    ? (key: string) => key.replace(OF_TRAINING, '$1')
    : (key: string) => key;
  let names = keys.map(plain);
  for (let cut = 0, tries = MOST_WRAPPERS; ; tries--) {
    const prefix = filePrefix(names);
    const known = names.filter((name) => !isLeftover(name) && place(prefix + name) !== undefined).length;
    const isFirst = cut === 0;
    if ((isFirst && known > 0) || known > names.length / 2) return (key) => prefix + plain(key).slice(cut);
    const [wrapper = ''] = /^[^.]+\./.exec(names[0] ?? '') ?? [];
    if (wrapper === '' || tries === 0 || !names.every((name) => name.startsWith(wrapper)))
      return (key) => filePrefix(keys) + key;
    cut += wrapper.length;
    names = names.map((name) => name.slice(wrapper.length));
  }
}
