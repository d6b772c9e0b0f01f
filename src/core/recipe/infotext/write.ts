/** From a recipe to the text that A1111 would have written into the picture. @see A1111 modules/processing.py, create_infotext */
import { trimSpace } from '../../prompt/characters';
import { SAMPLERS } from '../../samplers';
import { isEnlargerId } from '../hires-upscalers';
import { getField } from '../field-path';
import { jsonEnd } from '../json-end';
import { ENLARGED_KEY, writeEnlarged } from './enlarged';
import { KEYS, type KeyEntry } from './keys';
import type { Recipe } from '../recipe';
import { scheduleLabel } from '../named-schedule';
import { writeRedraw } from './redraw-keys';
import { writeSwitches } from './switches';
import { TILED_KEY, writeTiled } from '../tiled';
import { quote, SIZE } from '../value-kinds';

/** What the writer knows besides the recipe; it takes the place of what the recipe says. */
export interface InfotextFacts {
  model?: string;
  modelHash?: string;
  vae?: string;
  vaeHash?: string;
  loraHashes?: Record<string, string>;
  tiHashes?: Record<string, string>;
  /** Version of this program: `gesso-0.1.0`. No reader takes that for a version of A1111. */
  version?: string;
}

/** The recipe with what the writer knows, as far as it knows it. */
export function withFacts(recipe: Recipe, facts: InfotextFacts): Recipe {
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { ...recipe, ...known };
}

/** Never throws; a negative prompt that is empty has no line. */
export function writeInfotext(recipe: Recipe, facts: InfotextFacts = {}): string {
  const whole = withFacts(recipe, facts);
  const negative = whole.negativePrompt === '' ? '' : `\nNegative prompt: ${whole.negativePrompt}`;
  return trimSpace(`${whole.prompt}${negative}\n${writeParameters(whole)}`);
}

/** Writes the last line alone. */
export function writeParameters(recipe: Recipe): string {
  const pairs = new Map<string, string>();
  const put = (key: string, value: string | undefined) => {
    if (value !== undefined && value !== '') pairs.set(key, value);
  };
  for (const entry of KEYS) {
    // Keys that nobody knows stand before the version, as scripts' keys do.
    if (entry.key === 'Version') {
      for (const [key, value] of Object.entries(recipe.other ?? {}))
        if (key.startsWith('Hires ')) put(key, quote(value));
      for (const [key, value] of writeRedraw(recipe)) put(key, quote(value));
      writeUnknown(recipe, pairs);
    }
    if (entry.key === ENLARGED_KEY) for (const [key, value] of writeEnlarged(recipe)) put(key, value);
    put(entry.key, writeValue(recipe, entry));
    // a setting that is not as usual takes the place of what is said here
    for (const [key, value] of writeSwitches(entry.key, recipe)) put(key, value);
  }
  for (const [key, value] of Object.entries(recipe.other ?? {})) if (!pairs.has(key)) put(key, quote(value));
  return [...pairs].map(([key, value]) => (key === value ? key : `${key}: ${value}`)).join(', ');
}

function writeValue(recipe: Recipe, entry: KeyEntry): string | undefined {
  const { key, field, kind } = entry;
  if (recipe.other && Object.hasOwn(recipe.other, key)) return quote(recipe.other[key]);
  if (field === 'other' || (entry.when && !entry.when(recipe))) return undefined;
  if (key === 'Sampler') return recipe.sampler && SAMPLERS[recipe.sampler].label;
  if (key === TILED_KEY) return writeTiled(recipe);
  if (key === ENLARGED_KEY && isEnlargerId(recipe.enlarger)) return undefined;
  if (key === 'Schedule type') return recipe.schedule && scheduleLabel(recipe.schedule, recipe.sampler);
  if (typeof field !== 'string') {
    const width = getField(recipe, field.width);
    const height = getField(recipe, field.height);
    return typeof width === 'number' && typeof height === 'number' ? SIZE.write({ width, height }) : undefined;
  }
  const value = getField(recipe, field);
  if (value === undefined || value === entry.default) return undefined;
  return quote(kind.write(value));
}

function writeUnknown(recipe: Recipe, pairs: Map<string, string>): void {
  for (const [key, value] of Object.entries(recipe.unknown ?? {}))
    if (!pairs.has(key)) pairs.set(key, RAW_JSON.has(key) && jsonEnd(value, 0) === value.length ? value : quote(value));
}

/** Sites append these without quotes, and look for them so. */
const RAW_JSON: ReadonlySet<string> = new Set(['Civitai resources', 'Civitai metadata', 'Hashes', TILED_KEY]);
