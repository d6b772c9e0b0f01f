import { describe, expect, it } from 'vitest';
import { psnr } from './psnr';

describe('psnr', () => {
  it('leaves alpha out', () => expect(psnr([10, 20, 30, 255], [10, 20, 30, 0])).toBe(Infinity));

  it('is that of the mean squared error', () => {
    // one colour of three off by 3: mean 3
    expect(psnr([10, 20, 33, 255], [10, 20, 30, 255])).toBeCloseTo(10 * Math.log10(255 ** 2 / 3), 10);
  });

  it('of nothing alike is 0', () => expect(psnr([255, 255, 255, 255], [0, 0, 0, 255])).toBe(0));

  it('compares pictures of one size alone', () => expect(() => psnr([1, 2, 3, 4], [])).toThrow('different sizes'));
});
