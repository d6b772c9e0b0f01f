/** The recipe of a picture, out of the request that made it. */
import type { GroupId } from './field';
import { isOfMask, isOfPicture, isOfSoft } from './has-effect';
import { hiresRecipeOf } from './hires';
import { refinerRecipeOf } from './refiner';
import type { Recipe } from './recipe';
import { ADVANCED_DEFAULTS, ADVANCED_IDS, fieldOf, type FieldId, type GenerationRequest } from './request';
import { namedSchedule } from './named-schedule';

export type RecipeFacts = Pick<
  Recipe,
  'model' | 'modelHash' | 'vae' | 'vaeHash' | 'loraHashes' | 'tiHashes' | 'version'
>;

const isOf = (group: GroupId, id: FieldId): boolean => fieldOf(id).group === group;

/**
 * The recipe of a picture, as A1111 would tell it: "Automatic" by its name, a variation only where there is one.
 *
 * @param facts the model is the request's id where they do not name it
 */
export function recipeOf(request: GenerationRequest, facts: RecipeFacts = {}): Recipe {
  const recipe: Record<string, unknown> = { ...request, schedule: namedSchedule(request.schedule, request.sampler) };
  for (const id of ADVANCED_IDS) if (recipe[id] === ADVANCED_DEFAULTS[id]) delete recipe[id];
  // told by withControl, which knows their names
  delete recipe['control'];
  const hires = hiresRecipeOf(request);
  if (hires) recipe['hires'] = hires;
  const refiner = refinerRecipeOf(request);
  if (refiner) recipe['refiner'] = refiner;
  const isWhole = recipe['tiledMethod'] === undefined;
  const isAtOnce = recipe['redraw'] === undefined;
  const { denoisingStrength = ADVANCED_DEFAULTS.denoisingStrength } = request;
  for (const id of ADVANCED_IDS)
    if (
      isOf('hires', id) ||
      isOf('refiner', id) ||
      (isOf('tiles', id) && isWhole) ||
      (isOf('redraw', id) && isAtOnce) ||
      (isOfPicture(id) && request.initImage === undefined)
    )
      delete recipe[id];
  if (hires || request.initImage !== undefined) recipe['denoisingStrength'] = denoisingStrength;
  Object.assign(recipe, maskOf(request));
  if (recipe['variationStrength'] === undefined) delete recipe['variationSeed'];
  else recipe['variationSeed'] ??= 0;
  if (recipe['resizeSeedFromWidth'] === undefined || recipe['resizeSeedFromHeight'] === undefined)
    for (const id of ['resizeSeedFromWidth', 'resizeSeedFromHeight']) delete recipe[id];
  const said = Object.entries({ ...recipe, ...facts }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as unknown as Recipe;
}

/** What a recipe says of a mask: nothing without one; with it, what texts of A1111 would leave out is said where it is no default there. */
function maskOf({ initImage, initMask, ...request }: GenerationRequest): Record<string, unknown> {
  const none = Object.fromEntries(ADVANCED_IDS.filter(isOfMask).map((id) => [id, undefined]));
  if (initImage === undefined || initMask === undefined) return { ...none, initMask: undefined };
  const settings = { ...ADVANCED_DEFAULTS, ...request };
  const { maskMode, maskBlur, inpaintArea, maskedPadding } = settings;
  return {
    maskMode,
    maskBlur: maskBlur === 0 ? undefined : maskBlur,
    maskedPadding: inpaintArea === 'masked' ? maskedPadding : undefined,
    ...Object.fromEntries(
      ADVANCED_IDS.filter(isOfSoft).map((id) => [id, maskMode === 'soft' ? settings[id] : undefined]),
    ),
  };
}
