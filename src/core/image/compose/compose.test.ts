/** Pictures out of pictures, against torch: levels as they are saved. */
import { describe, expect, it } from 'vitest';
import { raster } from '../raster';
import { blendLevels, type Blend } from './blends';
import { blurPlanes, sharpenPlanes } from './blur';
import fixture from './fixtures/pictures.json';
import { fromUnits, toUnits } from './levels';
import { padPicture } from './pad';

const SIZE = { width: 11, height: 9 };
const picture = (levels: readonly number[]) => raster(SIZE, 3, Uint8ClampedArray.from(levels));
const first = toUnits(picture(fixture.first));
const second = toUnits(picture(fixture.second));

/** A level is cut off, so that the last bit may make one of difference: of few. */
function expectLevels(planes: Float32Array, expected: readonly number[]): void {
  const { data } = fromUnits(planes, SIZE);
  const apart = expected.map((level, i) => Math.abs(level - data[i]));
  expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  expect(apart.filter((one) => one > 0).length).toBeLessThan(expected.length / 20);
}

describe('pictures', () => {
  it.each(fixture.blends)('are blended: $blend by $amount', ({ blend, amount, result }) => {
    expectLevels(blendLevels(first, second, blend as Blend, amount), result);
  });

  it('are inverted', () => {
    expectLevels(
      first.map((value) => 1 - value),
      fixture.inverted,
    );
  });

  it.each(fixture.blurred)('are blurred over $radius by $sigma', ({ radius, sigma, result }) => {
    expectLevels(blurPlanes(first, SIZE, radius, sigma), result);
  });

  it('are sharpened', () => {
    expectLevels(sharpenPlanes(first, SIZE, fixture.sharpened), fixture.sharpened.result);
  });

  it('are blurred by no more than they are wide', () => {
    expect(() => blurPlanes(first, SIZE, 9, 1)).toThrow('too small for a radius of 9');
  });
});

describe('padPicture', () => {
  it.each(fixture.padded)('fades over $feathering', ({ sides, feathering, mask: expected }) => {
    const [left, top, right, bottom] = sides;
    const inside = raster({ width: 14, height: 12 }, 3);
    const { image, mask } = padPicture(inside, { left, top, right, bottom }, feathering);
    expect([mask.width, mask.height]).toEqual([14 + left + right, 12 + top + bottom]);
    const apart = expected.map((level, i) => Math.abs(level - mask.data[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    const isOutside = (i: number) => {
      const [x, y] = [i % image.width, Math.floor(i / image.width)];
      return x < left || y < top || x >= left + 14 || y >= top + 12;
    };
    expect(image.data.every((level, i) => level === (isOutside(Math.floor(i / 3)) ? 127 : 0))).toBe(true);
  });
});
