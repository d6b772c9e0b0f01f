import { describe, expect, it } from 'vitest';
import { withControlDefaults } from '../../../core/recipe/control/unit';
import { hintWish } from './hint-wish';

const advanced = { get: (id: string) => (id === 'maskBlur' ? 9 : false) };
const form = { width: 64, height: 64, seed: 7, initImage: 'picture', initMask: 'mask', advanced };
const unit = { ...withControlDefaults({ model: 'm', image: 'picture' }), module: 'shuffle' };

describe('hintWish', () => {
  it.each([
    [7, 7],
    [2 ** 32 + 7, 7],
    ['18446744073709551615', 2 ** 32 - 1],
    [-1, 0],
    [null, 0],
  ])('draws with the seed of the picture that is to be: %s', (seed, drawn) => {
    expect(hintWish(unit, { ...form, seed }).seed).toBe(drawn);
  });

  it('brings the mask of the start picture along, for preprocessors that need one', () => {
    const masked = { ...unit, module: 'inpaint_only' };
    expect(hintWish(masked, form).maskedBy).toEqual({ image: 'mask', invertMask: false, maskBlur: 9 });
    expect(hintWish(masked, { ...form, initMask: undefined }).maskedBy).toBeUndefined();
    expect(hintWish(masked, { ...form, initImage: undefined }).maskedBy).toBeUndefined();
    expect(hintWish(unit, form).maskedBy).toBeUndefined();
  });
});
