import { describe, expect, it } from 'vitest';
import { makeHint } from '../../../core/hints';
import { madePicture } from '../../../core/hints/testing/made-picture';
import { raster } from '../../../core/image/raster';
import { madeRaster } from '../../../core/image/testing/made-bytes';
import inpaint from './fixtures/inpaint-hint.json' with { type: 'json' };
import { hintPlanes } from './hint-planes';

/** Red counts pixels, from the left and from the top. */
const hint = (width: number, height: number) => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 0 ? i / 4 : 255)),
});

describe('hintPlanes', () => {
  it('drops on the right and at the bottom what is no whole cell', () => {
    const { data, dims } = hintPlanes(hint(5, 3), { width: 4, height: 2 }, 2);
    expect(dims).toEqual([1, 3, 2, 4]);
    expect([...data.subarray(0, 8)].map((level) => Math.round(255 * level))).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
    expect(new Set(data.subarray(8))).toEqual(new Set([1]));
  });

  it.each([
    [6, 2],
    [4, 4],
    [3, 2],
  ])('refuses a hint of another size: %d × %d', (width, height) => {
    const planes = () => hintPlanes(hint(width, height), { width: 4, height: 2 }, 2);
    expect(planes).toThrow(`The hint is ${width} × ${height}, but the picture 4 × 2: a node of the operation`);
  });

  it('says nothing of alpha where that is no mask', () => {
    const clear = { ...hint(4, 2), data: hint(4, 2).data.map((level, i) => (i % 4 === 3 ? 0 : level)) };
    expect(hintPlanes(clear, { width: 4, height: 2 }, 1)).toEqual(hintPlanes(hint(4, 2), { width: 4, height: 2 }, 1));
  });
});

/** tools/fixtures/hint_inpaint.py */
describe('the hint of an inpainting ControlNet', () => {
  it.each(inpaint.cases)('is torch’s of $width × $height pixels', ({ seed, width, height, every7th, masked }) => {
    const size = { width, height };
    const mask = raster(size, 1, madeRaster(size, 1, seed + 100).data);
    for (const id of ['inpaint_only', 'inpaint_global_harmonious'] as const) {
      const made = makeHint(id, madePicture(size, seed), { mask });
      const { data } = hintPlanes(made, size, 1, -1);
      expect([...data].filter((_, i) => i % 7 === 0)).toEqual(every7th);
      expect([...data].filter((value) => value === -1)).toHaveLength(3 * masked);
    }
  });

  it('is black where a Union is to repaint', () => {
    const made = makeHint('inpaint_only', raster({ width: 1, height: 1 }, 3, Uint8ClampedArray.of(9, 9, 9)), {
      mask: raster({ width: 1, height: 1 }, 1, Uint8ClampedArray.of(255)),
    });
    expect([...hintPlanes(made, { width: 1, height: 1 }, 1, 0).data]).toEqual([0, 0, 0]);
  });
});
