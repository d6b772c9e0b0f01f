/** Decibels of the kit's pictures: closed forms. */
import { describe, expect, it } from 'vitest';
import { psnr } from './paint-pictures';

describe('psnr', () => {
  it('leaves alpha out', () => expect(psnr([10, 20, 30, 255, 40, 50, 60, 0], [10, 20, 30, 40, 50, 60])).toBe(Infinity));

  it('is that of the mean squared error', () => {
    // one of three off by 3: mean 3
    expect(psnr([10, 20, 33, 255], [10, 20, 30])).toBeCloseTo(10 * Math.log10(255 ** 2 / 3), 10);
  });

  it('of nothing alike is 0', () => expect(psnr([255, 255, 255, 255], [0, 0, 0])).toBe(0));
});
