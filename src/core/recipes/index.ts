/** Recipes from wherever they come. */
export { matchLoras, type KnownLora, type MatchedLoras } from './match-loras';
export { matchModel, type KnownModel } from './match-model';
export { readPictureRecipe, readTextRecipe, type FoundRecipe } from './read-recipe';
