/** `write-infotext`: the text that A1111 would have written for a recipe. */
import { writeInfotext } from '../../src/core/recipe/infotext';
import type { Question } from './question';
import { readRecipeFile } from './recipe-file';

export const WRITE_INFOTEXT: Question = {
  summary: 'the infotext of a recipe in a JSON file, as text',
  examples: ['write-infotext tools/inspect/testing/recipe.json'],
  options: {},
  answersText: true,
  ask: async (args) => writeInfotext(await readRecipeFile(args)),
};
