/** Against OpenCV: tools/fixtures/image_recolor.py. */
import { describe, expect, it } from 'vitest';
import { raster, toRgba } from '../raster';
import { hashOf, madeRaster } from '../testing/made-bytes';
import { fromHsvLevels, toHsvLevels } from './opencv-hsv';
import { fromLabLevels } from './opencv-lab';
import { recolor, type RecolorPart } from './recolor';
import golden from './fixtures/recolor.json' with { type: 'json' };

/** Every combination of these levels, as many as make whole rows of 96. */
function grid(step: number, end: number): Uint8ClampedArray<ArrayBuffer> {
  const levels: number[] = [];
  for (let first = 0; first < end; first += step)
    for (let second = 0; second < 256; second += 3)
      for (let third = 0; third < 256; third += 3) levels.push(first, second, third);
  return Uint8ClampedArray.from(levels.slice(0, Math.floor(levels.length / 288) * 288));
}

describe('ways back to RGB', () => {
  it('make the bytes of OpenCV from L*a*b*', () => {
    expect(hashOf(fromLabLevels(grid(3, 256)))).toBe(golden.fromLab);
  });

  it('make the bytes of OpenCV from HSV', () => {
    expect(hashOf(fromHsvLevels(grid(2, 180)))).toBe(golden.fromHsv);
  });
});

it('makes the bytes of OpenCV’s HSV', () => {
  const data = grid(3, 256);
  expect(hashOf(toHsvLevels(raster({ width: 96, height: data.length / 288 }, 3, data)))).toBe(golden.toHsv);
});

describe('recolor', () => {
  it.each(golden.cases)(
    'gives a picture the $part of a hint: $picture',
    ({ part, picture: [width, height, seed], hash }) => {
      const picture = toRgba(madeRaster({ width, height }, 3, seed));
      const made = recolor(picture, madeRaster({ width, height }, 3, seed + 20), part as RecolorPart);
      expect(hashOf(made.data.filter((_, i) => i % 4 < 3))).toBe(hash);
      expect(made.data).not.toEqual(picture.data);
    },
  );

  it('leaves alpha and the picture it was given', () => {
    const picture = raster({ width: 1, height: 1 }, 4, Uint8ClampedArray.of(10, 200, 90, 7));
    const made = recolor(picture, raster({ width: 1, height: 1 }, 1, Uint8ClampedArray.of(255)), 'luminance');
    expect([...picture.data]).toEqual([10, 200, 90, 7]);
    expect(made.data[3]).toBe(7);
  });

  it('refuses a hint of another size', () => {
    const picture = raster({ width: 2, height: 1 }, 4);
    expect(() => recolor(picture, raster({ width: 1, height: 1 }, 1), 'intensity')).toThrow(RangeError);
  });
});
