/** Against ComfyUI's ImagePadForOutpaint: its mask, computed anew in numpy by tools/fixtures/image_extend.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { raster } from '../raster';
import { extendedSize, extendPicture, type Margins } from './extend';

interface Case {
  width: number;
  height: number;
  by: Margins;
  feather: number;
  /** 0…1. */
  mask: number[];
}

const cases = JSON.parse(readFileSync(new URL('fixtures/extend.json', import.meta.url), 'utf8')) as Case[];

function picture(width: number, height: number) {
  const made = raster({ width, height }, 4);
  for (let i = 0; i < width * height; i++) made.data.set([i % 256, (7 * i) % 256, (13 * i) % 256, 255], 4 * i);
  return made;
}

describe('extendPicture', () => {
  it.each(cases)(
    'masks what ComfyUI masks: $width × $height, $by, $feather',
    ({ width, height, by, feather, mask }) => {
      const extended = extendPicture(picture(width, height), by, feather);
      expect(extended.mask).toMatchObject(extendedSize({ width, height }, by));
      expect(Array.from(extended.mask.data)).toEqual(mask.map((share) => Math.round(255 * share)));
    },
  );

  it('keeps the picture to the byte, and lets its edges reach out', () => {
    const old = picture(20, 10);
    const { picture: large } = extendPicture(old, { left: 3, top: 4, right: 5, bottom: 0 });
    const at = (x: number, y: number) => Array.from(large.data.subarray(4 * (y * 28 + x), 4 * (y * 28 + x) + 4));
    const was = (x: number, y: number) => Array.from(old.data.subarray(4 * (y * 20 + x), 4 * (y * 20 + x) + 4));
    for (let y = 0; y < 10; y++) for (let x = 0; x < 20; x++) expect(at(x + 3, y + 4)).toEqual(was(x, y));
    expect(at(0, 8)).toEqual(was(0, 4));
    expect(at(27, 13)).toEqual(was(19, 9));
    expect(at(0, 0)).toEqual(was(0, 0));
    expect(at(10, 1)).toEqual(was(7, 0));
  });

  it('refuses what extends nothing', () => {
    for (const left of [0, -8, 1.5])
      expect(() => extendPicture(picture(8, 8), { left, top: 0, right: 0, bottom: 0 })).toThrow(RangeError);
  });
});
