/**
 * Infotexts and links of 10,000 random recipes, to the byte as Gesso wrote and read them before its fields became one table
 * (commit a8ccd72). GESSO_WRITE_REFERENCES=1 writes them anew: only where a text is meant to change.
 *
 * What a form would make of them is kept apart: it changes with what can be painted (hires. fix).
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../src/core/recipe/testing/random';
import { randomRecipe, type RandomRecipe } from './testing/random-recipes';
import { recipeTexts } from './testing/recipe-texts';

const COUNT = 10_000;
/** How many of those are made where nobody asks for more: all of them take some ten seconds. */
const USUAL = 2_000;
/** How many recipes one hash is of. */
const GROUP = 100;
/** Recipes that are kept in full: one of each second group. */
const EXAMPLES = 50;
const SEED = 14;

interface References {
  /** SHA-256 of the texts of so many recipes each. */
  groups: string[];
  /** The same of what the form would take. */
  forms: string[];
  examples: ReturnType<typeof recipeTexts>[];
}

const path = fileURLToPath(new URL('./fixtures/texts.json', import.meta.url));

const writes = process.env.GESSO_WRITE_REFERENCES !== undefined;
const count = writes || process.env.GESSO_LONG ? COUNT : USUAL;

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

function makeReferences(): References {
  const dice = new Dice(SEED);
  const references: References = { groups: [], forms: [], examples: [] };
  for (let group = 0; group < count / GROUP; group++) {
    const recipes: RandomRecipe[] = Array.from({ length: GROUP }, () => randomRecipe(dice));
    const texts = recipes.map(recipeTexts);
    references.groups.push(hash(texts.map(({ infotext, link, parsed, linked }) => [infotext, link, parsed, linked])));
    references.forms.push(hash(texts.map(({ settings, changes }) => [settings, changes])));
    if (group % (COUNT / GROUP / EXAMPLES) === 0) references.examples.push(texts[0]);
  }
  return references;
}

describe('texts of the version before', async () => {
  const made = makeReferences();
  if (writes) await writeFile(path, `${JSON.stringify(made, null, 1)}\n`);
  const { groups, forms, examples } = JSON.parse(await readFile(path, 'utf8')) as References;

  it('are written and read as they were: examples in full', () => {
    expect(examples).toHaveLength(EXAMPLES);
    expect(made.examples).toEqual(examples.slice(0, (EXAMPLES * count) / COUNT));
  });

  it(`are written and read as they were: ${count} recipes, by their hashes`, () => {
    expect(new Set(groups).size).toBe(COUNT / GROUP);
    expect(made.groups).toEqual(groups.slice(0, count / GROUP));
  });

  it('would be taken by the form as they were', () => expect(made.forms).toEqual(forms.slice(0, count / GROUP)));
});
