/** Recipes as texts: A1111's infotext, read and written. */
export { parseInfotext, type ParsedInfotext } from './parse';
export {
  saysSettings,
  type HiresRecipe,
  type InpaintRecipe,
  type LoraWeight,
  type Note,
  type Recipe,
  type RefinerRecipe,
} from '../recipe';
export { withFacts, writeInfotext, type InfotextFacts } from './write';
export { diffRecipe, type Change, type ChangedField, type RecipeDiff } from '../diff';
export { recipeOf, type RecipeFacts } from '../recipe-of';
export { recipeSettings, type RecipeSettings } from '../settings';
export { readRecipeJson } from '../recipe-json';
export { findSampler } from '../sampler-name';
