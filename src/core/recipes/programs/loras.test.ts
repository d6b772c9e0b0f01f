import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';

const lorasOf = (loras: unknown) =>
  readTextRecipe(JSON.stringify({ prompt: 'a', steps: 20, seed: 5, loras })).recipe.loras;

describe('readLoras', () => {
  it.each([
    ['ink - 0.7', 'ink', 0.7],
    ['ink : 0.7', 'ink', 0.7],
    ['ink:1', 'ink', 1],
    ['ink (0.7)', 'ink', 0.7],
    ['ink (+1)', 'ink', 1],
    ['ink (1)', 'ink (1)', 1],
    ['ink (2).safetensors', 'ink (2)', 1],
  ])('takes a number in brackets for a weight only with a point or a sign: %s', (text, name, unet) => {
    expect(lorasOf([text])).toEqual([{ name, unet, text: unet }]);
  });
});
