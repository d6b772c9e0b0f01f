/** `workflow`: what a recipe is compiled to, for `npm run generate -- --workflow`. */
import manifest from '../../models-manifest.json';
import { recipeSettings } from '../../src/core/recipe/settings';
import { assertRequest } from '../../src/core/recipe/problems';
import { BASIC_IDS, FIELD_DEFAULTS, type GenerationRequest } from '../../src/core/recipe/request';
import { workflowOf } from '../../src/core/workflow';
import type { Question } from './question';
import { readRecipeFile } from './recipe-file';

/** Where the recipe names none. */
const MODEL = 'starter';

export const WORKFLOW: Question = {
  summary:
    'the operations that make the picture of a recipe in a JSON file: {"version":1,"nodes":[...]}, and what is left out',
  examples: ['workflow tools/inspect/testing/recipe.json'],
  options: {},
  async ask(args) {
    const recipe = await readRecipeFile(args);
    const { model = MODEL } = recipe;
    const own = manifest.models.find(({ id }) => id === model)?.defaults;
    const basics = { ...Object.fromEntries(BASIC_IDS.map((id) => [id, FIELD_DEFAULTS[id]])), ...own };
    const { settings, notes } = recipeSettings(recipe);
    const request = { model, ...basics, ...settings } as GenerationRequest;
    assertRequest(request);
    return { ...workflowOf(request), ...(notes.length > 0 && { notes: notes.map(({ message }) => message) }) };
  },
};
