/** One table says which settings are numbers: every reading of labels asks for one there. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { canonicalKey } from '../../recipe/infotext/key-names';
import { hasFraction, isCommonKey, isNumberKey, isWholeNumber, isWholeSize } from './number-keys';

const ALL = [
  'Steps',
  'CFG scale',
  'Seed',
  'Clip skip',
  'Denoising strength',
  'Hires upscale',
  'Hires steps',
  'ENSD',
  'Eta',
];

describe('number keys', () => {
  it.each(ALL)('%s is a key of infotexts', (key) => {
    expect(canonicalKey(key)).toBe(key);
    expect(isNumberKey(key)).toBe(true);
  });

  it('tells what any recipe has, and where a comma may be a point', () => {
    expect(ALL.filter(isCommonKey)).toEqual(['Steps', 'CFG scale', 'Seed']);
    expect(['Size', 'width', 'height'].every(isCommonKey)).toBe(true);
    expect(ALL.filter(hasFraction)).toEqual(['CFG scale', 'Denoising strength', 'Hires upscale', 'Eta']);
    expect(isNumberKey('Size') || isNumberKey('toString')).toBe(false);
  });

  it('takes whole values alone', () => {
    expect(['7', ' -1 ', '5.5'].every(isWholeNumber)).toBe(true);
    expect(['7 cats', '5,5', '', '1.'].some(isWholeNumber)).toBe(false);
    expect(isWholeSize('576 x 704') && isWholeSize('576×704')).toBe(true);
    expect(isWholeSize('3 heads') || isWholeSize('576')).toBe(false);
  });

  it.each([
    ['beside each other', 'Prompt: a stone bridge Steps: 18 Denoise: 0.4 Hires upscale: 2x Hires steps: 9 Seed: 77'],
    ['by dashes', 'Prompt - a stone bridge\nSteps - 18\nDenoise - 0.4\nHires upscale - 2\nHires steps - 9\nSeed - 77'],
    [
      'by bullets',
      'Prompt: a stone bridge\n- Steps: 18\n- Denoise: 0.4\n- Hires upscale: 2\n- Hires steps: 9\n- Seed: 77',
    ],
  ])('the second pass has its numbers %s', (_, text) => {
    const { recipe, notes } = readTextRecipe(text);
    expect(recipe).toMatchObject({ prompt: 'a stone bridge', steps: 18, seed: 77, denoisingStrength: 0.4 });
    expect(recipe.hires).toMatchObject({ upscale: 2, steps: 9 });
    expect(notes.filter(({ key }) => key === 'Text')).toEqual([]);
  });

  it('leaves words that are no such number where they are', () => {
    const text = 'a flat, Denoise: soft, Hires steps: of stone, Seed: of a tree';
    expect(readTextRecipe(text).recipe).toEqual({ prompt: text, negativePrompt: '' });
  });
});
