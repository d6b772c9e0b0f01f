/** Between recipes and what the controls hold: what a recipe would set, and what of it does nothing here. */
import { ADVANCED, ADVANCED_DEFAULTS, advancedProblem, type AdvancedId } from './advanced';
import { LIMITS, numberProblem, type GenerationRequest, type NumberField, type SizeLimits } from './request';
import { saysSettings, type Note, type Recipe } from './recipe';
import { namedSchedule } from './sampler-name';
import { withoutEffect } from './without-effect';

export interface RecipeSettings {
  /** What to set; the model is not among it, as finding it takes a library. */
  settings: Partial<Omit<GenerationRequest, 'model'>>;
  /** What is left out, and why. */
  notes: Note[];
}

const ADVANCED_IDS = Object.keys(ADVANCED) as AdvancedId[];

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
  const put = (field: string, value: unknown, problem: string | undefined, key: string) => {
    if (problem === undefined) settings[field] = value;
    else notes.push({ key, message: problem });
  };
  if (recipe.sampler) settings['sampler'] = recipe.sampler;
  if (recipe.sampler ?? recipe.schedule) settings['schedule'] = recipe.schedule ?? 'automatic';
  settings['noise'] = recipe.noise ?? 'nv';
  for (const field of Object.keys(LIMITS) as NumberField[])
    if (recipe[field] !== undefined)
      put(field, recipe[field], numberProblem(field, recipe[field], size), LIMITS[field].label);
  for (const id of ADVANCED_IDS)
    put(id, recipe[id] ?? ADVANCED_DEFAULTS[id], advancedProblem(id, recipe[id]), ADVANCED[id].label);
  if (settings['variationStrength'] === 0) delete settings['variationSeed'];
  return { settings, notes: [...notes, ...withoutEffect(recipe)] };
}

export type RecipeFacts = Pick<
  Recipe,
  'model' | 'modelHash' | 'vae' | 'vaeHash' | 'loraHashes' | 'tiHashes' | 'version'
>;

/**
 * The recipe of a picture, as A1111 would tell it: "Automatic" by its name, a variation only where there is one.
 *
 * @param facts the model is the request's id where they do not name it
 */
export function recipeOf(request: GenerationRequest, facts: RecipeFacts = {}): Recipe {
  const recipe: Record<string, unknown> = { ...request, schedule: namedSchedule(request.schedule, request.sampler) };
  for (const id of ADVANCED_IDS) if (recipe[id] === ADVANCED_DEFAULTS[id]) delete recipe[id];
  if (recipe['variationStrength'] === undefined) delete recipe['variationSeed'];
  else recipe['variationSeed'] ??= 0;
  if (recipe['resizeSeedFromWidth'] === undefined || recipe['resizeSeedFromHeight'] === undefined)
    for (const id of ['resizeSeedFromWidth', 'resizeSeedFromHeight']) delete recipe[id];
  const said = Object.entries({ ...recipe, ...facts }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as unknown as Recipe;
}
