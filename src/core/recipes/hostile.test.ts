/** 25,000 hostile texts, pictures and links, 100,000 with GESSO_LONG: nothing throws, nothing hangs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPictureRecipe, readTextRecipe } from '.';
import { AppError } from '../errors';
import { embedInfotext, readPictureText, readStealthText } from '../image/metadata';
import { parseInfotext, recipeSettings, writeInfotext, type Recipe } from '../recipe/infotext';
import { Dice } from '../recipe/testing/random';
import { randomRecipe } from '../recipe/testing/random-recipe';
import { readLink, writeLink } from '../recipe/links';

const FOLDER = join(import.meta.dirname, '../image/metadata/fixtures');
const PICTURES = readdirSync(FOLDER)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => new Uint8Array(readFileSync(join(FOLDER, name))));

const TEXT_PIECES = [
  'Steps: 20',
  'Sampler: ',
  'Euler a',
  'Size: 9x9',
  'Size: 999999999x0',
  'Seed: ',
  '99999999999999999999',
  '-1',
  'Negative prompt:',
  'Version: v1.5.0',
  'First pass size: 0x0',
  'Hypernet: x',
  'Lora hashes: "a: b"',
  'Clip skip: NaN',
  'RNG: ',
  '__proto__: 1',
  'constructor: x',
  ': ',
  ', ',
  ',',
  '"',
  '\\',
  '\n',
  '[',
  '{',
  ']',
  '}',
  '(',
  '\ud800',
  '\u0000',
  '１',
  '🙂',
  '1e999',
  'Schedule type: ',
];
const GRAPH_PIECES = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"class_type"',
  '"KSampler"',
  '"inputs"',
  '"SaveImage"',
  '"images"',
  '"1"',
  '"nodes"',
  '"links"',
  '0',
  '1',
  'NaN',
  'null',
  '"text"',
  '"model"',
  '"widgets_values"',
  '"type"',
  '12345678901234567890',
];
const LINK_PIECES = [
  '#',
  '&',
  '=',
  'p',
  'n',
  's',
  'seed',
  't',
  'i',
  'v',
  'z',
  'sm',
  'eta',
  '1',
  '9',
  '%',
  '%F0',
  '%00',
  '+',
  'AAAA',
  '-_',
  'w5PYE0FlFwA',
  'Steps: 3',
  '\0',
  'é',
  '__proto__',
];

/** What whoever reads a recipe does with it; links are the slowest, and have a test of their own. */
function use(recipe: Recipe, hasLink = false): void {
  if (hasLink) writeLink(recipe);
  recipeSettings(recipe);
  const text = writeInfotext(recipe);
  parseInfotext(text);
}

function mutate(dice: Dice, bytes: Uint8Array): Uint8Array {
  const copy = dice.chance(0.2) ? bytes.slice(0, dice.below(bytes.length + 1)) : bytes.slice();
  for (let i = dice.below(8); i >= 0 && copy.length > 0; i--)
    copy[dice.below(dice.chance(0.7) ? Math.min(copy.length, 400) : copy.length)] = dice.pick([
      0,
      1,
      0x7f,
      0x80,
      0xff,
      dice.below(256),
    ]);
  return copy;
}

/** All of them take 20 s each on an idle machine; beside other tests on a slow one, several times that. */
const PATIENCE = { timeout: 300_000 };

/** How many of a kind are tried. */
const some = (all: number): number => (process.env.GESSO_LONG ? all : all / 4);

describe('hostile input', PATIENCE, () => {
  it(`${some(40_000)} texts`, () => {
    const dice = new Dice(2);
    for (let i = 0; i < some(40_000); i++) use(readTextRecipe(dice.text(TEXT_PIECES, 40)).recipe, i % 10 === 0);
  });

  it(`${some(10_000)} graphs`, () => {
    const dice = new Dice(3);
    for (let i = 0; i < some(10_000); i++) use(readTextRecipe(`{${dice.text(GRAPH_PIECES, 60)}`).recipe);
  });

  it(`${some(30_000)} pictures`, () => {
    const dice = new Dice(4);
    for (let i = 0; i < some(30_000); i++) {
      const bytes = mutate(dice, dice.pick(PICTURES));
      const found = readPictureRecipe(readPictureText(bytes));
      if (found) use(found.recipe);
      try {
        embedInfotext(bytes, 'a cat');
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
  });

  it(`${some(20_000)} links`, () => {
    const dice = new Dice(5);
    const links = Array.from({ length: 1000 }, () => writeLink(randomRecipe(dice)));
    for (let i = 0; i < some(20_000); i++) {
      const link = dice.chance(0.5) ? `#${dice.text(LINK_PIECES, 30)}` : damage(dice, dice.pick(links));
      const read = readLink(link);
      if (read) use(read.recipe, i % 10 === 0);
    }
  });

  it('pixels', () => {
    const dice = new Dice(6);
    for (let i = 0; i < 1000; i++) {
      const data = Uint8Array.from({ length: 4 * 40 * 40 }, () => dice.below(256));
      'stealth_pngcomp'.split('').forEach((letter, at) => {
        for (let bit = 0; bit < 8; bit++) {
          const index = 8 * at + bit;
          data[4 * ((index % 40) * 40 + Math.floor(index / 40)) + 3] = (letter.charCodeAt(0) >> (7 - bit)) & 1;
        }
      });
      expect(readStealthText({ width: 40, height: 40, data })).toBeUndefined();
    }
  });

  it('takes time in proportion to the length, whatever is repeated', () => {
    const LENGTH = 200_000;
    for (const piece of [
      ...TEXT_PIECES,
      ...GRAPH_PIECES,
      'a: "b, ',
      'a: [1, ',
      'aa: {"',
      'k1: "\\"',
      'a b/c-d ',
      '{"a":',
      '[[',
      '"\\"',
    ]) {
      const text = piece.repeat(Math.ceil(LENGTH / piece.length));
      const start = performance.now();
      use(readTextRecipe(text).recipe, true);
      use(readTextRecipe(`{${text}`).recipe);
      use(readTextRecipe(`a\nSteps: 1, Seed: 2, Size: 1x1, ${text}`).recipe);
      // Some 50 ms each on a slow machine; what grows with the square takes minutes.
      expect(performance.now() - start, piece).toBeLessThan(5000);
    }
  });
});

function damage(dice: Dice, link: string): string {
  const at = dice.below(link.length);
  return link.slice(0, at) + dice.pick(LINK_PIECES) + link.slice(at + dice.below(4));
}
