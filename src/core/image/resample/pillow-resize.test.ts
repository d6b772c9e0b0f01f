/** Against the bytes of Pillow 10.4: tools/fixtures/image_resize.py. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTER_IDS, pillowResize, type FilterId } from '.';
import { raster, type Channels } from '../raster';
import { hashOf, madeRaster } from '../testing/made-bytes';
import golden from './fixtures/pillow-resize.json' with { type: 'json' };

const CASES = Object.entries(golden.hashes).map(([name, hash]) => {
  const [channels, width, height, newWidth, newHeight, filter, seed, box] = name.split(' ');
  const sizes = [channels, width, height, newWidth, newHeight, seed].map(Number);
  return { name, hash, sizes, filter: filter as FilterId, box: box?.split(',').map(Number) };
});

const side = fc.integer({ min: 1, max: 40 });
const filters = fc.constantFrom(...FILTER_IDS);

describe('pillowResize', () => {
  it('has cases of every filter and of boxes', () => {
    expect(CASES.length).toBeGreaterThan(250);
    expect(new Set(CASES.map(({ filter }) => filter))).toEqual(new Set(FILTER_IDS));
    expect(CASES.filter(({ box }) => box)).toHaveLength(36);
  });

  it.each(FILTER_IDS)('makes the bytes of Pillow: %s', (filter) => {
    const wrong = CASES.filter((one) => one.filter === filter).filter(({ sizes, hash, box }) => {
      const [channels, width, height, newWidth, newHeight, seed] = sizes;
      const picture = madeRaster({ width, height }, channels as Channels, seed);
      const where = box && { left: box[0], top: box[1], right: box[2], bottom: box[3] };
      const resized = pillowResize(picture, { width: newWidth, height: newHeight }, { filter, box: where });
      return hashOf(resized.data) !== hash;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('keeps a picture of one level, whatever the size', () => {
    fc.assert(
      fc.property(side, side, side, side, filters, (w, h, width, height, filter) => {
        const even = raster({ width: w, height: h }, 3);
        even.data.fill(77);
        const resized = pillowResize(even, { width, height }, { filter });
        expect(resized.data).toHaveLength(3 * width * height);
        expect(resized.data.every((level) => level === 77)).toBe(true);
      }),
    );
  });

  it('does not change what it was given, and gives a copy', () => {
    const picture = madeRaster({ width: 5, height: 4 }, 4, 1);
    const before = picture.data.slice();
    const same = pillowResize(picture, { width: 5, height: 4 }, { filter: 'lanczos' });
    expect(same.data).toEqual(before);
    expect(same.data).not.toBe(picture.data);
    pillowResize(picture, { width: 9, height: 2 }, { filter: 'lanczos' });
    expect(picture.data).toEqual(before);
  });

  it('refuses a box that reaches outside, and a size without pixels', () => {
    const picture = madeRaster({ width: 5, height: 4 }, 1, 1);
    const box = { left: 0, top: 0, right: 5.5, bottom: 4 };
    expect(() => pillowResize(picture, { width: 2, height: 2 }, { filter: 'box', box })).toThrow(/not within 5 × 4/);
    expect(() => pillowResize(picture, { width: 0, height: 2 }, { filter: 'box' })).toThrow(/0 × 4 pixels has none/);
  });
});
