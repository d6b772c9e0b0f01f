/** What a unit of the form asks a preprocessor for. */
import type { HintWish } from '../../../core/hints/hint-for';
import { hintSeed } from '../../../core/hints/hint-seed';
import type { ControlDraft, ControlSettings } from '../../../core/recipe/control/unit';
import { isLongSeed } from '../../../core/recipe/seed-value';
import type { Settings } from '../settings.svelte';

export function hintWish(
  unit: ControlDraft & ControlSettings,
  { width, height, seed }: Pick<Settings, 'width' | 'height' | 'seed'>,
): HintWish {
  const { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode } = unit;
  const target = { width: width ?? 1, height: height ?? 1 };
  const wish = { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode, target };
  // A random one is not drawn yet: any shows what it is like.
  const isDrawn = isLongSeed(seed) || (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0);
  return { ...wish, seed: isDrawn ? hintSeed(seed) : 0 };
}
