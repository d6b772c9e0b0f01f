import { describe, expect, it } from 'vitest';
import { withControlDefaults } from '../../../core/recipe/control/unit';
import { hintWish } from './hint-wish';

const unit = { ...withControlDefaults({ model: 'm', image: 'picture' }), module: 'shuffle' };

describe('hintWish', () => {
  it.each([
    [7, 7],
    [2 ** 32 + 7, 7],
    ['18446744073709551615', 2 ** 32 - 1],
    [-1, 0],
    [null, 0],
  ])('draws with the seed of the picture that is to be: %s', (seed, drawn) => {
    expect(hintWish(unit, { width: 64, height: 64, seed }).seed).toBe(drawn);
  });
});
