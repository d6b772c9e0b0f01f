/** Recipes out of ComfyUI's graphs. */
export { readComfyJson, readComfyRecipe, type ComfyRecipe } from './read-comfy-recipe';
