/** 2,500 random recipes, 10,000 with GESSO_LONG, come back from everything that they travel in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embedInfotext, readPictureText } from '../image/metadata';
import { parseInfotext, readRecipeJson, writeInfotext, type Recipe } from '../recipe/infotext';
import { Dice } from '../recipe/testing/random';
import { randomRecipe } from '../recipe/testing/random-recipe';
import { readLink, writeLink } from '../recipe/links';

const COUNT = process.env.GESSO_LONG ? 10_000 : 2500;
const recipes = (): Recipe[] => {
  const dice = new Dice(1);
  return Array.from({ length: COUNT }, () => randomRecipe(dice));
};
/** Fields may come in another order; text and numbers must not differ in a bit. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

describe(`${COUNT} random recipes`, () => {
  it('come back from an infotext, which comes out as it went in', () => {
    for (const recipe of recipes()) {
      const text = writeInfotext(recipe);
      const parsed = parseInfotext(text);
      if (canonical(parsed.recipe) !== canonical(recipe)) expect(parsed.recipe).toEqual(recipe);
      if (parsed.notes.length > 0 || writeInfotext(parsed.recipe) !== text) expect.fail(text);
    }
  });

  it('come back from a link', () => {
    for (const recipe of recipes()) {
      const read = readLink(writeLink(recipe));
      const { version, ...rest } = recipe;
      const wanted = version?.startsWith('gesso') ? rest : recipe;
      if (canonical(read?.recipe) !== canonical(wanted)) expect(read?.recipe).toEqual(wanted);
      if (!read || read.notes.length > 0) expect.fail(JSON.stringify(read));
    }
  });

  it('come back from JSON', () => {
    for (const recipe of recipes()) {
      const read = readRecipeJson(JSON.parse(JSON.stringify(recipe)));
      if (canonical(read.recipe) !== canonical(recipe)) expect(read.recipe).toEqual(recipe);
      if (read.notes.length > 0) expect.fail(JSON.stringify(read.notes));
    }
  });

  it('come back from pictures', () => {
    const folder = join(import.meta.dirname, '../image/metadata/fixtures');
    const bare = ['bare.png', 'bare.jpg', 'bare-alpha.webp', 'bare.avif'].map(
      (name) => new Uint8Array(readFileSync(join(folder, name))),
    );
    recipes().forEach((recipe, i) => {
      const text = writeInfotext(recipe);
      const read = readPictureText(embedInfotext(bare[i % bare.length], text));
      if (read.infotext !== text || read.problems.length > 0)
        expect(read).toMatchObject({ infotext: text, problems: [] });
    });
  });
});
