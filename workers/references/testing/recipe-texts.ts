/** All that texts say of a recipe: written, read back, and what a form would make of it. */
import { diffRecipe, parseInfotext, recipeOf, recipeSettings, writeInfotext } from '../../../src/core/recipe/infotext';
import { readLink, writeLink } from '../../../src/core/recipe/links';
import type { GenerationRequest } from '../../../src/core/recipe/request';
import type { RandomRecipe } from './random-recipes';

/** What the form holds before. */
const FORM: GenerationRequest = {
  model: 'starter',
  prompt: 'a boat',
  negativePrompt: '',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  noise: 'nv',
  steps: 20,
  cfgScale: 7,
  seed: 1,
  width: 512,
  height: 512,
  eta: 0.5,
};

export interface RecipeTexts {
  infotext: string;
  link: string;
  /** Read back from each, in canonical JSON. */
  parsed: string;
  linked: string;
  /** What the form would take, and its sentences. */
  settings: string;
  changes: string;
}

export function recipeTexts({ request, more }: RandomRecipe): RecipeTexts {
  const recipe = { ...recipeOf(request), ...more };
  const [infotext, link] = [writeInfotext(recipe), writeLink(recipe)];
  const parsed = parseInfotext(infotext);
  return {
    infotext,
    link,
    parsed: canonical(parsed),
    linked: canonical(readLink(link)),
    settings: canonical(recipeSettings(parsed.recipe, { min: 64, max: 1024, step: 8 })),
    changes: canonical(diffRecipe(FORM, parsed.recipe)),
  };
}

/** JSON with the keys of objects in order: what is said, not in which order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
