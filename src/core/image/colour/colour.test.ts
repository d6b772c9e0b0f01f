/** Against OpenCV, scikit-image and blendmodes: tools/fixtures/image_colour.py. */
import { describe, expect, it } from 'vitest';
import { correctColours, fromLab, matchColours, toLab } from '.';
import { raster, type Raster } from '../raster';
import { hashOf, madeMask, madeRaster, mostApart } from '../testing/made-bytes';
import { toLabLevels } from './opencv-lab';
import golden from './fixtures/colours.json' with { type: 'json' };

const SIZE = { width: golden.size[0], height: golden.size[1] };
const NOISE = madeRaster(SIZE, 3, 3);
const CASES = Object.values(golden.cases);

/** OpenCV goes back from L*a*b* in whole numbers, this here in floats. */
const CORRECTED_LEVELS = 1;

const levels = (base64: string): Raster<3> => raster(SIZE, 3, Uint8ClampedArray.from(Buffer.from(base64, 'base64')));

describe('lab', () => {
  it('is that of scikit-image, but for the fifth digit of its white point', () => {
    expect(mostApart(toLab(NOISE).subarray(0, golden.lab.length), golden.lab)).toBeLessThan(0.02);
  });

  it('comes back to every level', () => {
    expect(fromLab(toLab(NOISE), SIZE).data).toEqual(NOISE.data);
  });
});

describe('toLabLevels', () => {
  it('makes the bytes of OpenCV', () => {
    expect(hashOf(toLabLevels(madeRaster({ width: 512, height: 384 }, 3, 3)))).toBe(golden.opencvLab);
  });
});

describe('matchColours', () => {
  it.each(CASES.map((one, i) => [i, one] as const))('makes the levels of scikit-image: case %i', (_, one) => {
    const [painted, reference] = [levels(one.painted), levels(one.reference)];
    const matched = matchColours({ painted, reference, mask: madeMask(SIZE, one.mask) });
    expect(mostApart(matched.data, levels(one.matched).data)).toBeLessThanOrEqual(1);
    expect(mostApart(painted.data, matched.data)).toBeGreaterThan(10);
  });

  it('does not look under the mask', () => {
    const mask = madeMask(SIZE, 4);
    const [painted, reference] = [levels(CASES[0].painted), levels(CASES[0].reference)];
    const other = raster(SIZE, 3, reference.data.slice());
    mask.data.forEach((level, i) => level === 255 && other.data.fill(9, 3 * i, 3 * i + 3));
    expect(matchColours({ painted, reference: other, mask })).toEqual(matchColours({ painted, reference, mask }));
    expect(matchColours({ painted, reference: other })).not.toEqual(matchColours({ painted, reference }));
  });

  it('leaves alone what is alike already, and what has next to nothing outside the mask', () => {
    expect(matchColours({ painted: NOISE, reference: NOISE }).data).toEqual(NOISE.data);
    const mask = raster(SIZE, 1);
    mask.data.fill(255, 5);
    const reference = levels(CASES[0].reference);
    expect(matchColours({ painted: NOISE, reference, mask }).data).toEqual(NOISE.data);
  });

  it('keeps what is painted beside an even picture', () => {
    const mask = raster(SIZE, 1);
    mask.data.fill(255, 0, mask.data.length / 2);
    const reference = raster(SIZE, 3);
    reference.data.fill(128);
    const wiped = matchColours({ painted: NOISE, reference, mask });
    expect(new Set(wiped.data.subarray(0, 300)).size).toBeLessThan(4);
    const matched = matchColours({ painted: NOISE, reference, mask, mostSpread: 1.25 });
    expect(new Set(matched.data.subarray(0, 300)).size).toBeGreaterThan(50);
  });

  it('gives even pictures the reference’s colour', () => {
    const [painted, reference] = [raster(SIZE, 3), raster(SIZE, 3)];
    painted.data.fill(100);
    reference.data.fill(120);
    expect(matchColours({ painted, reference }).data).toEqual(reference.data);
  });
});

describe('correctColours', () => {
  it.each(CASES.map((one, i) => [i, one] as const))('makes the levels of A1111: case %i', (_, one) => {
    const corrected = correctColours(levels(one.painted), levels(one.reference));
    expect(mostApart(corrected.data, levels(one.corrected).data)).toBeLessThanOrEqual(CORRECTED_LEVELS);
    expect(mostApart(corrected.data, levels(one.painted).data)).toBeGreaterThan(10);
  });
});
