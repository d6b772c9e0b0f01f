/** `infotext`: the recipe in a picture or a text. */
import { readPictureText } from '../../src/core/image/metadata';
import { recipeSettings, saysSettings, type Note, type Recipe } from '../../src/core/recipe/infotext';
import { readPictureRecipe } from '../../src/core/recipes';
import { UsageError } from './arguments';
import type { Question } from './question';
import { readBytes, readHiddenText } from './recipe-file';

export const INFOTEXT: Question = {
  summary: 'the recipe in a PNG, JPEG, WebP, AVIF, GIF or text file: {"prompt":...,"unknown":{...}}',
  examples: ['infotext src/core/image/metadata/fixtures/text.png'],
  options: {},
  async ask(args) {
    const bytes = await readBytes(args);
    const found = readPictureText(bytes);
    const read = readPictureRecipe(found, await readHiddenText(bytes, found));
    if (!read) throw new UsageError(['There is no recipe in this file.', ...found.problems].join(' '));
    const problems = found.problems.map((message) => ({ key: 'file', message }));
    return tellRecipe(read.recipe, [...problems, ...read.notes], read.form);
  },
};

/** A recipe with what it means here: the settings that it leaves out, and what of it has no effect. */
export function tellRecipe(recipe: Recipe, notes: readonly Note[], form: string): object {
  const { settings, notes: more } = recipeSettings(recipe);
  const rest = Object.entries(settings).filter(([field]) => field !== 'prompt' && field !== 'negativePrompt');
  return {
    ...recipe,
    unknown: recipe.unknown ?? {},
    form,
    notes: [...notes, ...more].map(({ message }) => message),
    ...(saysSettings(recipe) && { settings: Object.fromEntries(rest) }),
  };
}
