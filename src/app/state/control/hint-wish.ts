/** What a unit of the form asks a preprocessor for. */
import type { HintWish } from '../../../core/hints/hint-for';
import { hintSeed } from '../../../core/hints/hint-seed';
import { needsMask } from '../../../core/hints/preprocessors';
import type { ControlDraft, ControlSettings } from '../../../core/recipe/control/unit';
import { isLongSeed } from '../../../core/recipe/seed-value';
import type { Settings } from '../settings/settings.svelte';

/** A wish of the form, whose mask is named by its hash, with what becomes of it. */
export interface FormWish extends Omit<HintWish, 'mask'> {
  maskedBy?: { image: string; invertMask: boolean; maskBlur: number };
}

type Form = Pick<Settings, 'width' | 'height' | 'seed' | 'initImage' | 'initMask'> & {
  advanced: Pick<Settings['advanced'], 'get'>;
};

export function hintWish(unit: ControlDraft & ControlSettings, form: Form): FormWish {
  const { width, height, seed } = form;
  const { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode } = unit;
  const target = { width: width ?? 1, height: height ?? 1 };
  const wish = { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode, target };
  // A random one is not drawn yet: any shows what it is like.
  const isDrawn = isLongSeed(seed) || (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0);
  const maskedBy = needsMask(module) ? (ownMask(unit) ?? maskOf(form)) : undefined;
  return { ...wish, seed: isDrawn ? hintSeed(seed) : 0, ...(maskedBy && { maskedBy }) };
}

const ownMask = ({ mask }: ControlDraft): FormWish['maskedBy'] =>
  mask === undefined ? undefined : { image: mask, invertMask: false, maskBlur: 0 };

function maskOf({ initImage, initMask: image, advanced }: Form): FormWish['maskedBy'] {
  if (initImage === undefined || image === undefined) return undefined;
  const blur = advanced.get('maskBlur');
  return { image, invertMask: advanced.get('invertMask') === true, maskBlur: typeof blur === 'number' ? blur : 0 };
}
