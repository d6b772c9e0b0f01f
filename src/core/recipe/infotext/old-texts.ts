/** What recipes of older programs mean today. */
import { SAMPLERS, type SamplerEntry } from '../../samplers';
import type { Recipe } from '../recipe';
import { namedSchedule } from '../named-schedule';
import { oldTiled } from '../tiled';
import { isBefore, isForge, V1_6_0, V1_7_0_225, V1_8_0, V1_9_0 } from './version';

/** Changes the recipe in place. */
export function upgradeOldTexts(recipe: Recipe): void {
  takeHypernet(recipe);
  takeFirstPassSize(recipe);
  Object.assign(
    recipe,
    oldTiled((key) => takeUnknown(recipe, key)),
  );
  takeSwitchedOff(recipe);
  takeVersion(recipe);
}

/** Forks say of extensions that are off how much they would do. */
function takeSwitchedOff(recipe: Recipe): void {
  for (const [key, id] of [
    ['sag_enabled', 'sagScale'],
    ['pagi_enabled', 'pagScale'],
    ['pag_enabled', 'pagScale'],
    ['kohya_hrfix_enabled', 'shrinkBlock'],
  ] as const)
    if (recipe.unknown?.[key] === 'False') delete recipe[id];
  // reForge's simple mode says no more of it
  const simple = takeUnknown(recipe, 'dynthres_simple_mode');
  if (simple === 'True' && recipe.dynthres === 'levels') recipe.dynthresSeparate ??= false;
}

/** A hypernetwork was a setting before it was a tag. */
function takeHypernet(recipe: Recipe): void {
  const name = takeUnknown(recipe, 'Hypernet');
  if (name === undefined) return;
  recipe.prompt += `<hypernet:${name}:${takeUnknown(recipe, 'Hypernet strength') ?? '1.0'}>`;
}

/** Takes the size of the first pass: before it had a factor, hires fix told that and the size of the end. */
function takeFirstPassSize(recipe: Recipe): void {
  const match = /^(\d{1,9})x(\d{1,9})$/.exec(takeUnknown(recipe, 'First pass size') ?? '');
  if (!match) return;
  const { width = 512, height = 512 } = recipe;
  const first = { width: Number(match[1]), height: Number(match[2]) };
  const isGiven = first.width > 0 && first.height > 0;
  Object.assign(recipe, isGiven ? first : firstPassSize(width, height));
  recipe.hires = { ...recipe.hires, resizeWidth: width, resizeHeight: height };
}

/** @see A1111 modules/processing.py, old_hires_fix_first_pass_dimensions */
function firstPassSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.sqrt((512 * 512) / Math.max(1, width * height));
  const round = (side: number) => Math.ceil((scale * side) / 64) * 64;
  return { width: round(width), height: round(height) };
}

/** @see A1111 modules/infotext_versions.py, backcompat */
function takeVersion(recipe: Recipe): void {
  const { version, sampler } = recipe;
  const assume = (key: string) => {
    if (recipe.other?.[key] === undefined) recipe.other = { ...recipe.other, [key]: 'True' };
  };
  if (isBefore(version, V1_6_0) && recipe.prompt.includes('[')) assume('Old prompt editing timelines');
  if (isBefore(version, V1_6_0) && (sampler === 'ddim' || sampler === 'plms')) assume('Pad conds v0');
  if (isBefore(version, V1_7_0_225)) assume('Downcast alphas_cumprod');
  // Forge counts steps, and has no key that says so
  const countsSteps = isBefore(version, V1_8_0) || isForge(version);
  if (countsSteps && recipe.refiner?.checkpoint) recipe.refiner = { bySteps: true, ...recipe.refiner };
  // Before 1.9 a name without a schedule was made with the plain one, though A1111 now reads it as "Automatic".
  if (isBefore(version, V1_9_0) && sampler && recipe.schedule === undefined && likesAnother(SAMPLERS[sampler]))
    recipe.schedule = 'uniform';

  function likesAnother(entry: SamplerEntry): boolean {
    return !entry.ownSigmas && namedSchedule('automatic', sampler) !== 'automatic';
  }
}

function takeUnknown(recipe: Recipe, key: string): string | undefined {
  if (!recipe.unknown || !Object.hasOwn(recipe.unknown, key)) return undefined;
  const { [key]: value, ...rest } = recipe.unknown;
  if (Object.keys(rest).length > 0) recipe.unknown = rest;
  else delete recipe.unknown;
  return value;
}
