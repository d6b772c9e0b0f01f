/** Between recipes and what the controls hold: what a recipe would set, and what of it does nothing here. */
import { isOfMask, isOfPicture } from './has-effect';
import { fieldProblem } from './problems';
import type { SizeLimits } from './size-limits';
import {
  ADVANCED_DEFAULTS,
  ADVANCED_IDS,
  BASIC_IDS,
  FIELD_DEFAULTS,
  fieldOf,
  type FieldId,
  type GenerationRequest,
} from './request';
import type { HiresSettings } from './hires';
import { REDRAWN_SIDE } from './redraw';
import { hiresSettings } from './hires-settings';
import type { RefinerSettings } from './refiner';
import { refinerSettings } from './refiner-settings';
import { saysMask, saysSettings, type Note, type Recipe } from './recipe';
import { fileStem } from './own-vae';
import { againstTiling } from './tiling-field';
import { withoutEffect } from './without-effect';

export interface RecipeSettings {
  /** What to set; the model is not among it, as finding it takes a library. */
  settings: Partial<Omit<GenerationRequest, 'model'>>;
  /** What is left out, and why. */
  notes: Note[];
}

/**
 * A recipe that says more than prompts decides every advanced setting: what it leaves out has its default. Values that
 * cannot be used are left out.
 *
 * @param size of the model that will paint
 */
export function recipeSettings(recipe: Recipe, size?: SizeLimits): RecipeSettings {
  const { prompt, negativePrompt } = recipe;
  if (!saysSettings(recipe)) return { settings: { prompt, negativePrompt }, notes: [] };
  const notes: Note[] = [];
  const settings: Record<string, unknown> = { prompt, negativePrompt };
  const sides = (recipe.redraw ?? 'none') !== 'none' && recipe.initImage !== undefined ? REDRAWN_SIDE : size;
  const put = (id: FieldId, value: unknown) => {
    const problem = fieldProblem(id, value, sides);
    if (problem === undefined) settings[id] = value;
    else notes.push({ key: fieldOf(id).label, message: problem });
  };
  const large = largeNote(recipe, size);
  if (large) notes.push(large);
  for (const id of BASIC_IDS) {
    if (large && (id === 'width' || id === 'height')) continue;
    const value = recipe[id] ?? (isImplied(id, recipe) ? FIELD_DEFAULTS[id] : undefined);
    if (value !== undefined) put(id, value);
  }
  const hires = hiresSettings(recipe, size);
  notes.push(...hires.notes);
  const refiner = refinerSettings(recipe, size);
  notes.push(...refiner.notes);
  const edges = againstTiling(recipe);
  if (edges) notes.push({ key: fieldOf('tiling').label, message: `${edges}: it is left off.` });
  for (const id of ADVANCED_IDS)
    if (id === 'tiling' && edges) settings[id] = ADVANCED_DEFAULTS[id];
    else if (isOfRefiner(id)) put(id, refiner.settings[id as keyof RefinerSettings] ?? ADVANCED_DEFAULTS[id]);
    else if (isOfHires(id)) put(id, hires.settings[id as keyof HiresSettings] ?? ADVANCED_DEFAULTS[id]);
    else if (isOfPicture(id) && !startsFromPicture(recipe) && !(id === 'denoisingStrength' && recipe.hires)) continue;
    else if (isOfMask(id) && !saysMask(recipe)) continue;
    else if (recipe[id] === undefined) settings[id] = UNSAID_OF_MASK[id] ?? ADVANCED_DEFAULTS[id];
    else put(id, isFileName(id) ? fileStem(String(recipe[id])) : recipe[id]);
  if (settings['variationStrength'] === 0) delete settings['variationSeed'];
  return { settings, notes: [...notes, ...withoutEffect(recipe)] };
}

/** Tiles make pictures larger than a model paints, but only of a picture. */
function largeNote({ redraw = 'none', initImage, width, height }: Recipe, size?: SizeLimits): Note | undefined {
  if (redraw === 'none' || initImage !== undefined) return undefined;
  const fits = (limits?: SizeLimits): boolean =>
    fieldProblem('width', width, limits) === undefined && fieldProblem('height', height, limits) === undefined;
  if (fits(size) || !fits(REDRAWN_SIDE)) return undefined;
  const message = `The picture of ${width} × ${height} starts from one that the recipe does not hold: start from that one, and set this size.`;
  return { key: 'Size', message };
}

/** Whether a setting names a file of the library that is no network of the catalogue's. */
const isFileName = (id: FieldId): boolean => fieldOf(id).group === 'parts';

const isOfHires = (id: FieldId): boolean => fieldOf(id).group === 'hires';
const isOfRefiner = (id: FieldId): boolean => fieldOf(id).group === 'refiner';

/** What A1111 means where its text of a masked picture does not say it, as far as that is no default here. */
const UNSAID_OF_MASK: Partial<Record<FieldId, unknown>> = { maskMode: 'a1111', maskBlur: 0 };

/** Whether it starts from a picture: in the text of a picture made of words a denoising strength is that of hires fix. */
export const startsFromPicture = ({ denoisingStrength, initImage, hires }: Recipe): boolean =>
  initImage !== undefined || (denoisingStrength !== undefined && hires === undefined);

/** Whether A1111 implies a basic setting where nothing is said: noise made in its own way, and the sampler's own schedule. */
function isImplied(id: FieldId, { sampler }: Recipe): boolean {
  return id === 'noise' || (id === 'schedule' && sampler !== undefined);
}
