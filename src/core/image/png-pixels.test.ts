import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { readPngPixels } from './png-pixels';

/** Colours of every kind, and neighbours that are like each other in each way that filters use. */
function picture(width: number, height: number): Buffer {
  return Buffer.from(
    Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : (i * i * 31 + (i >> 5) * 17) & 255)),
  );
}

describe('readPngPixels', () => {
  it.each([0, 1, 2, 3, 4])('undoes filter %i', (filterType) => {
    const png = new PNG({ width: 7, height: 5 });
    png.data = picture(7, 5);
    for (const colorType of [2, 6] as const) {
      const found = readPngPixels(PNG.sync.write(png, { filterType, colorType }));
      expect([found?.width, found?.height]).toEqual([7, 5]);
      expect([...(found?.data ?? [])]).toEqual([...png.data]);
    }
  });

  it('makes nothing of a cut file, or of one with 16 bits', () => {
    const png = new PNG({ width: 7, height: 5 });
    png.data = picture(7, 5);
    const bytes = PNG.sync.write(png);
    for (let length = 0; length < bytes.length - 12; length += 5)
      expect(readPngPixels(bytes.subarray(0, length))).toBeUndefined();
    expect(readPngPixels(Buffer.from(bytes.map((byte, i) => (i === 24 ? 16 : byte))))).toBeUndefined();
  });
});
