import { describe, expect, it } from 'vitest';
import { raster, type Raster } from '../image/raster';
import { fitHint, fitHintMask } from './fit-hint';

/** @param level  of each pixel */
function grey(width: number, height: number, level: (x: number, y: number) => number): Raster<1> {
  const to = raster({ width, height }, 1);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) to.data[y * width + x] = level(x, y);
  return to;
}

const levelsOf = ({ data }: Raster): number[] => [...new Set(data)].sort((a, b) => a - b);

describe('fitHint', () => {
  it('leaves a hint of the right size as it is', () => {
    const hint = grey(8, 8, (x) => x);
    expect(fitHint(hint, { width: 8, height: 8 }, 'crop_and_resize')).toBe(hint);
  });

  it.each([32, 7])('keeps two colours two at %i pixels', (side) => {
    const lines = grey(16, 16, (x, y) => ((x + y) % 5 < 2 ? 255 : 0));
    expect(levelsOf(fitHint(lines, { width: side, height: side }, 'just_resize'))).toEqual([0, 255]);
  });

  it('keeps lines of one pixel in a picture of a quarter of the size', () => {
    const lines = grey(64, 64, (x, y) => (x === 30 || y === 13 ? 255 : 0));
    const small = fitHint(lines, { width: 16, height: 16 }, 'crop_and_resize');
    expect(small.data.filter((level) => level === 255)).toHaveLength(31);
  });

  it('keeps the colours of a map of few', () => {
    const map = grey(16, 16, (x) => 60 * Math.floor(x / 4));
    for (const side of [9, 40])
      expect(levelsOf(fitHint(map, { width: side, height: side }, 'just_resize'))).toEqual([0, 60, 120, 180]);
  });

  it('crops what is wider, and frames it in the colour of its edge', () => {
    const hint = grey(32, 16, (x, y) => (x === 0 || x === 31 || y === 0 || y === 15 ? 200 : 8 * x));
    const cropped = fitHint(hint, { width: 16, height: 16 }, 'crop_and_resize');
    expect(cropped.data[8 * 16]).toBe(hint.data[8 * 32 + 8]);
    const framed = fitHint(hint, { width: 32, height: 32 }, 'resize_and_fill');
    expect(framed.data[0]).toBe(200);
    expect(framed.data[16 * 32 + 16]).toBe(hint.data[8 * 32 + 16]);
  });
});

describe('fitHintMask', () => {
  const mask = grey(32, 16, (x) => (x < 8 ? 255 : 0));

  it('is cut as its hint is, and the frame round a smaller one is to be repainted', () => {
    const framed = fitHintMask(mask, { width: 32, height: 32 }, 'resize_and_fill');
    const at = (x: number, y: number) => framed.data[32 * y + x];
    expect([at(20, 0), at(20, 31), at(2, 16), at(20, 16)]).toEqual([255, 255, 255, 0]);
    expect(levelsOf(fitHintMask(mask, { width: 16, height: 16 }, 'crop_and_resize'))).toEqual([0]);
  });

  it('is soft where its edge is between two pixels', () => {
    const small = fitHintMask(mask, { width: 6, height: 16 }, 'just_resize');
    expect(small.data[1]).toBeGreaterThan(100);
    expect(small.data[1]).toBeLessThan(155);
  });
});
