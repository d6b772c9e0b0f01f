/** A saver's text beside ComfyUI's graph: the graph is what ran, the text knows hashes and what nodes made at run time. */
import type { ComfyRecipe } from '../comfyui';
import type { Note, Recipe } from '../recipe/infotext';

/** What texts say and graphs do not hold. */
const TEXT_ONLY = ['modelHash', 'vaeHash', 'loraHashes', 'tiHashes', 'user'] as const;
/** What the text fills in where nodes were not understood. */
const FILLED = [
  'steps',
  'sampler',
  'schedule',
  'cfgScale',
  'seed',
  'width',
  'height',
  'model',
  'clipSkip',
  'denoisingStrength',
] as const;

export function mergeTextAndGraph(text: { recipe: Recipe }, comfy: ComfyRecipe): Pick<ComfyRecipe, 'recipe' | 'notes'> {
  const recipe: Recipe = { ...comfy.recipe };
  const notes: Note[] = [...comfy.notes];
  const from = text.recipe;
  for (const field of TEXT_ONLY) if (from[field] !== undefined) Object.assign(recipe, { [field]: from[field] });
  const taken: string[] = FILLED.filter((field) => recipe[field] === undefined && from[field] !== undefined);
  for (const field of taken) Object.assign(recipe, { [field]: from[field as (typeof FILLED)[number]] });
  for (const field of ['prompt', 'negativePrompt'] as const)
    if (comfy.unsure?.has(field) && from[field] !== '' && from[field] !== recipe[field]) {
      recipe[field] = from[field];
      taken.push(field === 'prompt' ? 'prompt' : 'negative prompt');
    }
  if (taken.length > 0)
    notes.push({ key: 'Text', message: `Taken from the text beside ComfyUI's graph: ${taken.join(', ')}.` });
  return { recipe, notes };
}
