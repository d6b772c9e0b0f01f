/** Recipes from wherever they come. */
export { matchLoras, type KnownLora, type MatchedLoras } from './match-loras';
export { matchModel, type KnownModel } from './match-model';
export type { FoundRecipe } from './found-recipe';
export { readPictureRecipe } from './read-picture-recipe';
export { readTextRecipe } from './read-text-recipe';
