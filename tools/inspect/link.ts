/** `link` and `unlink`: a recipe as a share link, and back. */
import { readLink, writeLink } from '../../src/core/recipe/links';
import { UsageError } from './arguments';
import { tellRecipe } from './infotext';
import type { Question } from './question';
import { readRecipeFile } from './recipe-file';

export const LINK: Question = {
  summary: 'the share link of a recipe in a JSON file, as text: what stands behind the address of the app',
  examples: ['link tools/inspect/testing/recipe.json'],
  options: {},
  answersText: true,
  ask: async (args) => writeLink(await readRecipeFile(args)),
};

export const UNLINK: Question = {
  summary: 'the recipe in a share link: {"prompt":...}',
  examples: ['unlink "#p=a+red+apple&m=starter&seed=7&s=8&c=4&z=128x128&v=1"'],
  options: {},
  ask(args) {
    const content = readLink(args.text());
    if (!content) throw new UsageError('This is no link to a recipe.');
    return tellRecipe(content.recipe, content.notes, 'link');
  },
};
