/** Masks as torch makes them by ComfyUI's formula: tools/fixtures/make_inpaint_mask.py. */
import { describe, expect, it } from 'vitest';
import { raster, type Mask } from '../raster';
import cases from './fixtures/inpaint-mask.json';
import { greyMasked, growByBox, wholeMask } from './inpaint-mask';

const rows = ({ width, height, data }: Mask): string[] =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)].map((v) => v && 1).join(''));

describe('the mask for inpainting', () => {
  it.each(cases)(
    'is that of torch: to $size, grown by $side',
    ({ side, size: [height, width], levels, whole, grown }) => {
      const mask = raster({ width: 9, height: 12 }, 1, Uint8ClampedArray.from(levels));
      const made = wholeMask(mask, { width, height });
      expect(rows(made)).toEqual(whole);
      expect(rows(growByBox(made, side))).toEqual(grown);
    },
  );

  it('greys what is masked', () => {
    const picture = raster({ width: 2, height: 1 }, 4, Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255));
    const mask = raster({ width: 2, height: 1 }, 1, Uint8ClampedArray.of(0, 255));
    expect([...greyMasked(picture, mask).data]).toEqual([1, 2, 3, 255, 128, 128, 128, 255]);
  });
});
