/** Against Pillow: tools/fixtures/image_geometry.py. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaComposite, flatten, fromPlanes, holesOf, orient, pasteBack, shareOfHoles, toPlanes, WHITE } from '.';
import type { Orientation } from '.';
import { invertMask } from '../masks';
import { put, raster, toRgb, toRgba } from '../raster';
import { hashOf, madeMask, madeRaster, mostApart } from '../testing/made-bytes';
import golden from './fixtures/paste.json' with { type: 'json' };

/** A1111 multiplies with alpha and divides again, which rounds once more. */
const OVERLAY_LEVELS = 1;

const fromHex = (hex: string) => Uint8ClampedArray.from(Buffer.from(hex, 'hex'));
const sizes = fc.record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) });

describe('pasteBack', () => {
  it.each(golden.overlays)('lays over as A1111 does: $size, box $box', ({ size, seed, box, painted, mask, result }) => {
    const [width, height] = size;
    const pasted = pasteBack({
      original: toRgba(madeRaster({ width, height }, 3, 70 + seed)),
      painted: madeRaster({ width: painted[0], height: painted[1] }, 3, 80 + seed),
      mask: raster({ width, height }, 1, fromHex(mask)),
      box: box ? { left: box[0], top: box[1], right: box[2], bottom: box[3] } : undefined,
    });
    expect(mostApart(toRgb(pasted).data, fromHex(result))).toBeLessThanOrEqual(OVERLAY_LEVELS);
  });

  it('keeps every byte outside the mask, alpha too, and takes every one where all is masked', () => {
    fc.assert(
      fc.property(sizes, fc.nat(99), (size, seed) => {
        const original = madeRaster(size, 4, seed);
        const painted = madeRaster(size, 3, seed + 1);
        const none = raster(size, 1);
        expect(pasteBack({ original, painted, mask: none }).data).toEqual(original.data);
        expect(pasteBack({ original, painted, mask: invertMask(none) }).data).toEqual(toRgba(painted).data);
        const mask = madeMask(size, seed);
        const { data } = pasteBack({ original, painted, mask });
        const isKept = data.every((level, i) => mask.data[i >> 2] !== 0 || level === original.data[i]);
        expect(isKept).toBe(true);
      }),
    );
  });

  it('keeps every byte outside the box', () => {
    const [original, painted] = [
      madeRaster({ width: 9, height: 7 }, 4, 1),
      madeRaster({ width: 16, height: 16 }, 3, 2),
    ];
    const mask = invertMask(raster(original, 1));
    const { data } = pasteBack({ original, painted, mask, box: { left: 2, top: 1, right: 6, bottom: 5 } });
    const isInside = (i: number) => i % 9 >= 2 && i % 9 < 6 && i >= 9 && i < 45;
    expect(data.every((level, i) => isInside(i >> 2) || level === original.data[i])).toBe(true);
    expect(data[4 * (9 + 2) + 3]).toBe(255);
  });

  it('leaves out what of the box lies outside the picture', () => {
    const original = madeRaster({ width: 5, height: 4 }, 4, 1);
    const painted = madeRaster({ width: 4, height: 4 }, 4, 2);
    const mask = invertMask(raster(original, 1));
    const box = { left: 3, top: -1, right: 7, bottom: 3 };
    const { data } = pasteBack({ original, painted, mask, box });
    expect(data).toEqual(put(raster(original, 4, original.data.slice()), painted, 3, -1).data);
  });

  it('refuses a mask of another size', () => {
    const original = madeRaster({ width: 4, height: 4 }, 4, 1);
    const mask = raster({ width: 4, height: 3 }, 1);
    expect(() => pasteBack({ original, painted: original, mask })).toThrow(/4 × 4 and 4 × 3/);
  });
});

describe('flatten', () => {
  it.each(Object.entries(golden.flattened))('makes the bytes of Pillow on %s', (colour, hash) => {
    const levels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
    expect(hashOf(flatten(madeRaster({ width: 60, height: 50 }, 4, 5), levels).data)).toBe(hash);
  });

  it('keeps an opaque picture, and makes a hole white', () => {
    const picture = toRgba(madeRaster({ width: 5, height: 3 }, 3, 1));
    expect(flatten(picture).data).toEqual(toRgb(picture).data);
    expect([...flatten(raster({ width: 1, height: 1 }, 4)).data]).toEqual([...WHITE]);
  });
});

describe('holesOf and shareOfHoles', () => {
  it('find what is not there', () => {
    const picture = raster({ width: 2, height: 1 }, 4, Uint8ClampedArray.of(9, 9, 9, 0, 9, 9, 9, 204));
    expect([...holesOf(picture).data]).toEqual([255, 51]);
    expect(shareOfHoles(picture)).toBeCloseTo(0.6, 12);
  });
});

describe('alphaComposite', () => {
  it.each(Object.entries(golden.composites))('makes the bytes of Pillow: %s', (name, hash) => {
    const [width, height, seed] = name.split(' ').map(Number);
    const [under, over] = [seed, 40 + seed].map((s) => madeRaster({ width, height }, 4, s));
    expect(hashOf(alphaComposite(under, over).data)).toBe(hash);
  });
});

describe('orient', () => {
  it.each(Object.entries(golden.oriented))('turns as Pillow does: %s', (name, [width, height, hash]) => {
    const turned = orient(madeRaster({ width: 7, height: 4 }, 3, 6), Number(name) as Orientation);
    expect([turned.width, turned.height, hashOf(turned.data)]).toEqual([width, height, hash]);
  });
});

describe('toPlanes and fromPlanes', () => {
  it('are each other’s way back, in −1…1, planar', () => {
    const picture = raster({ width: 3, height: 1 }, 3, Uint8ClampedArray.of(0, 51, 102, 153, 204, 255, 1, 127, 254));
    const planes = toPlanes(picture);
    expect([planes[0], planes[5], planes.length]).toEqual([-1, Math.fround(2 * Math.fround(127 / 255) - 1), 9]);
    expect(mostApart(planes, [-1, 0.2, -253 / 255, -0.6, 0.6, -1 / 255, -0.2, 1, 253 / 255])).toBeLessThan(1e-6);
    expect(fromPlanes(planes, picture, 'round').data).toEqual(picture.data);
  });

  it('every level comes back where it is rounded', () => {
    const grey = Uint8ClampedArray.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    const picture = raster({ width: 256, height: 1 }, 3, grey);
    expect(fromPlanes(toPlanes(picture), picture, 'round').data).toEqual(grey);
    expect(mostApart(fromPlanes(toPlanes(picture), picture, 'truncate').data, grey)).toBeLessThanOrEqual(1);
  });

  it('truncates or rounds, and clamps', () => {
    const planes = Float32Array.of(0, 0.999, 7);
    expect([...fromPlanes(planes, { width: 1, height: 1 }, 'truncate').data]).toEqual([127, 254, 255]);
    expect([...fromPlanes(planes, { width: 1, height: 1 }, 'round').data]).toEqual([128, 255, 255]);
  });
});
