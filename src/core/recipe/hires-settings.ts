/** Hires. fix out of recipes, which tell it in A1111's words. */
import { findSchedule } from '../schedules';
import { checkpointOf } from './checkpoint';
import type { HiresSettings } from './hires';
import { findHiresUpscaler } from './hires-upscalers';
import { fileStem } from './own-vae';
import { paintsOneSize, type SizeLimits } from './size-limits';
import type { HiresRecipe, Note, Recipe } from './recipe';
import { findSampler } from './sampler-name';

/** Digits of a hash that are enough to tell one model from another. */
const LEAST_DIGITS = 8;

/** Sides of Hires resize may differ by as much from the scale's: they are whole. */
const SAME_SHAPE = 0.01;

/** What A1111 writes where the second pass has nothing of its own. */
const SAME = /^use same/i;

/** What a recipe's second pass sets here, and a sentence for what it cannot. */
/** A1111's upscalers that are no files, so that nobody can add them. */
const FILELESS: ReadonlySet<string> = new Set(['none', 'nearest', 'lanczos', 'scunet gan', 'scunet psnr']);

export function hiresSettings(
  { hires, width = 0, height = 0, ...recipe }: Recipe,
  size?: SizeLimits,
): { settings: HiresSettings; notes: Note[] } {
  const notes: Note[] = [];
  const say = (key: string, message: string): void => void notes.push({ key, message });
  if (!hires) return { settings: {}, notes };
  if (size && paintsOneSize(size)) {
    say('Hires fix', `Hires fix is not applied: this model paints ${size.min} pixels a side and no more.`);
    return { settings: {}, notes };
  }
  const scale = scaleOf(hires, { width, height });
  if (scale === undefined) {
    say('Hires fix', 'Hires fix is not applied: its size has another shape than the first pass.');
    return { settings: {}, notes };
  }
  if (scale <= 1) return { settings: {}, notes };
  const settings: HiresSettings = { hiresScale: scale };
  if (hires.alone === true) settings.hiresAlone = true;
  if (hires.steps !== undefined) settings.hiresSteps = hires.steps;
  if (hires.cfgScale !== undefined) settings.hiresCfgScale = hires.cfgScale;
  const { upscaler = '' } = hires;
  const known = upscaler === '' ? 'latent' : findHiresUpscaler(upscaler);
  const isFileless = FILELESS.has(upscaler.trim().toLowerCase());
  if (!known && isFileless)
    say('Hires upscaler', `The upscaler ${upscaler} is not here: the latent is enlarged instead.`);
  settings.hiresUpscaler = known ?? (isFileless ? 'latent' : upscaler);
  const own = { sampler: ownWord(hires.sampler), schedule: ownWord(hires.schedule) };
  const sampler = own.sampler === undefined ? undefined : findSampler(own.sampler);
  if (sampler && sampler !== recipe.sampler) settings.hiresSampler = sampler;
  if (own.sampler !== undefined && !sampler) say('Hires sampler', `The sampler ${own.sampler} is not here.`);
  const schedule = own.schedule === undefined ? undefined : findSchedule(own.schedule);
  if (schedule && schedule !== recipe.schedule) settings.hiresSchedule = schedule;
  if (own.schedule !== undefined && !schedule)
    say('Hires schedule type', `The schedule type ${own.schedule} is not here.`);
  const checkpoint = ownWord(hires.checkpoint);
  if (checkpoint !== undefined && !isOwnModel(checkpoint, recipe)) settings.hiresCheckpoint = checkpoint;
  const { prompt = '', negativePrompt = '' } = hires;
  if (prompt !== '' && prompt !== recipe.prompt) settings.hiresPrompt = prompt;
  if (negativePrompt !== '' && negativePrompt !== recipe.negativePrompt) settings.hiresNegativePrompt = negativePrompt;
  return { settings, notes };
}

const ownWord = (word: string | undefined): string | undefined =>
  word === undefined || word === '' || SAME.test(word) ? undefined : word;

/** The first pass's: by its hash where both say one, of whatever length, else by the name of its file. */
export function isOwnModel(
  checkpoint: string,
  { model = '', modelHash = '' }: Pick<Recipe, 'model' | 'modelHash'>,
): boolean {
  const { model: name = '', modelHash: hash = '' } = checkpointOf(checkpoint);
  const digits = Math.min(hash.length, modelHash.length);
  if (digits >= LEAST_DIGITS) return hash.slice(0, digits) === modelHash.slice(0, digits).toLowerCase();
  return fileStem(name).toLowerCase() === fileStem(model).toLowerCase();
}

/** Undefined where its size is no multiple of the first pass's. */
function scaleOf(
  { upscale, resizeWidth = 0, resizeHeight = 0 }: HiresRecipe,
  { width, height }: { width: number; height: number },
): number | undefined {
  if (resizeWidth === 0 && resizeHeight === 0) return upscale ?? 1;
  const [across, down] = [resizeWidth / width, resizeHeight / height];
  if (!Number.isFinite(across) || !Number.isFinite(down)) return undefined;
  if (resizeHeight === 0) return across;
  return resizeWidth === 0 || Math.abs(across - down) < SAME_SHAPE * down ? down : undefined;
}
