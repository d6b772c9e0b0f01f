/** What a unit of the form asks a preprocessor for, and what that lacks. */
import type { HintWish } from '../../../core/hints/hint-for';
import { hintSeed } from '../../../core/hints/hint-seed';
import { findPreprocessor, preprocessor } from '../../../core/hints/preprocessors';
import type { ControlDraft, ControlSettings } from '../../../core/recipe/control/unit';
import { isLongSeed } from '../../../core/recipe/seed-value';
import type { Settings } from '../settings.svelte';

export function hintWish(
  unit: ControlDraft & ControlSettings,
  { width, height, seed }: Pick<Settings, 'width' | 'height' | 'seed'>,
): { wish: HintWish; needs: string | undefined } {
  const { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode } = unit;
  const target = { width: width ?? 1, height: height ?? 1 };
  const wish = { module, resolution, thresholdA, thresholdB, pixelPerfect, resizeMode, target };
  // A random one is not drawn yet: any shows what it is like.
  const isDrawn = isLongSeed(seed) || (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0);
  return { wish: { ...wish, seed: isDrawn ? hintSeed(seed) : 0 }, needs: needsOf(module) };
}

function needsOf(module: string): string | undefined {
  const id = findPreprocessor(module);
  if (id === undefined) return undefined; // its problem is told
  const one = preprocessor(id);
  return 'network' in one ? `Its hint is drawn by a network, ${one.file}, which the page does not run yet.` : undefined;
}
