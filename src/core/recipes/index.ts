/** Recipes from wherever they come. */
export { matchModel, type KnownModel } from './match-model';
export { readPictureRecipe, readTextRecipe, type FoundRecipe } from './read-recipe';
