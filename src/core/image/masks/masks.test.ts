/** Against Pillow, OpenCV and torch: tools/fixtures/image_masks.py. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alphaOf,
  doubleMask,
  fillMasked,
  growMask,
  invertMask,
  LATENT_MASK_WAYS,
  latentMask,
  maskBounds,
  maskShare,
  roundMask,
  type LatentMaskWay,
} from '.';
import { opencvGaussian } from '../blur';
import { raster, toRgb, toRgba, type Mask } from '../raster';
import { hashOf, madeMask, madeRaster, mostApart } from '../testing/made-bytes';
import golden from './fixtures/masks.json' with { type: 'json' };

/** One float32 division and a sum of four products. */
const FLOAT32_ABS = 1e-6;

/** A far blur leaves little alpha, and few levels of colour under it: A1111 is as far off, byte for byte. */
const FILL_LEVELS = 5;

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }), seed: fc.nat(99) })
  .map(({ seed, ...size }) => madeMask(size, seed));

function boxMask(): Mask {
  const mask = raster({ width: 64, height: 64 }, 1);
  for (let y = 20; y < 40; y++) mask.data.fill(255, y * 64 + 13, y * 64 + 35);
  return mask;
}

function named(kind: string, { width, height }: { width: number; height: number }, seed: number): Mask {
  if (kind === 'box') return boxMask();
  return kind === 'mask' ? madeMask({ width, height }, seed) : madeRaster({ width, height }, 1, seed);
}

describe('fillMasked', () => {
  it.each(Object.entries(golden.fill))('makes the bytes of Pillow: %s', (name, hash) => {
    const [width, height, seed, sigma] = name.split(' ').map(Number);
    const mask = opencvGaussian(madeMask({ width, height }, seed), { across: sigma, down: sigma });
    const picture = toRgba(madeRaster({ width, height }, 3, 50 + seed));
    expect(hashOf(fillMasked(picture, mask).data)).toBe(hash);
  });

  it('changes nothing where nothing is masked', () => {
    const picture = toRgba(madeRaster({ width: 20, height: 9 }, 3, 1));
    expect(fillMasked(picture, raster(picture, 1)).data).toEqual(toRgb(picture).data);
  });

  it('fills a hole in one colour with that colour', () => {
    const size = { width: 40, height: 40 };
    const picture = toRgba(raster(size, 3));
    picture.data.fill(90);
    for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
    const mask = raster(size, 1);
    for (let y = 10; y < 30; y++) mask.data.fill(255, y * 40 + 10, y * 40 + 30);
    expect(mostApart(fillMasked(picture, mask).data, toRgb(picture).data)).toBeLessThanOrEqual(FILL_LEVELS);
  });
});

describe('growMask', () => {
  it.each(Object.entries(golden.grow))('makes the bytes of OpenCV with a disc: %s', (name, hash) => {
    const [kind, ...numbers] = name.split(' ');
    const [width, height, seed, px] = numbers.map(Number);
    expect(hashOf(growMask(named(kind, { width, height }, seed), px).data)).toBe(hash);
  });

  it('never loses a pixel by growing, nor wins one by shrinking', () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 9 }), (mask, px) => {
        const [grown, shrunk] = [growMask(mask, px), growMask(mask, -px)];
        expect(grown.data.every((level, i) => level >= mask.data[i])).toBe(true);
        expect(shrunk.data.every((level, i) => level <= mask.data[i])).toBe(true);
      }),
    );
  });

  it('refuses parts of pixels', () => {
    expect(() => growMask(boxMask(), 1.5)).toThrow(/1\.5 pixels/);
  });
});

describe('latentMask', () => {
  it('has cases of every way', () => {
    expect(new Set(golden.cells.map(({ way }) => way))).toEqual(new Set(LATENT_MASK_WAYS));
  });

  it.each(golden.cells)('$way: $kind $width × $height', ({ kind, width, height, seed, way, cells, values }) => {
    const [rows, columns] = cells;
    const result = latentMask(
      named(kind, { width, height }, seed),
      { width: columns, height: rows },
      way as LatentMaskWay,
    );
    expect(mostApart(result, values)).toBeLessThan(way === 'comfyui' ? FLOAT32_ABS : 1e-7);
  });

  it.each([
    ['a1111', ['110', '110', '110', '000']],
    ['diffusers', ['000', '111', '111', '000']],
  ] as const)('of a box of 22 × 20 pixels: %s', (way, rows) => {
    const cells = latentMask(boxMask(), { width: 8, height: 8 }, way);
    expect(rows.map((_, y) => [...cells.subarray(8 * (y + 2) + 2, 8 * (y + 2) + 5)].join(''))).toEqual(rows);
  });
});

describe('levels of a mask', () => {
  it('inverted twice is the same', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(invertMask(invertMask(mask)).data).toEqual(mask.data);
      }),
    );
  });

  it('rounds above 128, doubles up to 255', () => {
    const mask = raster({ width: 5, height: 1 }, 1, Uint8ClampedArray.of(0, 1, 128, 129, 255));
    expect([...roundMask(mask).data]).toEqual([0, 0, 0, 255, 255]);
    expect([...roundMask(mask, 127).data]).toEqual([0, 0, 255, 255, 255]);
    expect([...doubleMask(mask).data]).toEqual([0, 2, 255, 255, 255]);
  });

  it('finds the box of what is masked at all, and how much that is', () => {
    expect(maskBounds(boxMask())).toEqual({ left: 13, top: 20, right: 35, bottom: 40 });
    expect(maskShare(boxMask())).toBeCloseTo((22 * 20) / 64 ** 2, 12);
    expect(maskBounds(raster({ width: 3, height: 2 }, 1))).toBeUndefined();
    const corner = raster({ width: 3, height: 2 }, 1, Uint8ClampedArray.of(0, 0, 0, 0, 0, 1));
    expect(maskBounds(corner)).toEqual({ left: 2, top: 1, right: 3, bottom: 2 });
  });

  it('takes the alpha of what was painted', () => {
    const painted = raster({ width: 2, height: 1 }, 4, Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 200));
    expect([...alphaOf(painted).data]).toEqual([4, 200]);
  });
});
