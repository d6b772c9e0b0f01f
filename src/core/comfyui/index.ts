/** Recipes out of ComfyUI's graphs. */
export { readComfyRecipe, type ComfyRecipe } from './read-comfy-recipe';
