/** Pasted text is let through at once only where no recipe can be in it. */
import { describe, expect, it } from 'vitest';
import infotexts from '../../../core/recipe/infotext/fixtures/read.json';
import { mayBeRecipe } from './pasted-text';
import { readPastedText } from './read-incoming';

const OTHERS = [
  '{"prompt": "a cat"}',
  '"a cat" -s 20 -S 7',
  'see http://x.test/#p=a+bird&seed=3&v=1 there',
  '[{"prompt":["a cat"],"seed":3}]',
  'Prompt\na cat\nSteps\n18\nSampler\nEuler a\nSeed\n7',
  'prompt,steps,seed\na cat,18,7',
  '--prompt "a cat"',
  '正向提示词：猫\n步数：18\n种子：7\n尺寸：512x512',
];
const texts = [...infotexts.cases.map(({ text }) => text), ...OTHERS];

describe('mayBeRecipe', () => {
  it('is true of all texts that are one', () => {
    const recipes = texts.filter((text) => readPastedText(text));
    expect(recipes.length).toBeGreaterThan(50);
    expect(recipes.filter((text) => !mayBeRecipe(text))).toEqual([]);
  });

  it.each(['a red apple', 'masterpiece, best quality, 1girl', 'It’s a dog (very small); really!'])(
    'is false of %s',
    (words) => expect(mayBeRecipe(words)).toBe(false),
  );
});
