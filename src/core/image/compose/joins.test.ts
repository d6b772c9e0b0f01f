/** Pictures beside others, in frames, with noise and with alpha, against torch and Pillow: levels as they are saved. */
import { describe, expect, it } from 'vitest';
import { raster, toRgba } from '../raster';
import { withAlpha } from './alpha';
import fixture from './fixtures/joins.json';
import { grained } from './grain';
import { framedPicture, stitchedSize, stitchPictures, type Stitching } from './stitch';

const bytes = (levels: readonly number[]) => Uint8ClampedArray.from(levels);
const first = raster({ width: 9, height: 7 }, 3, bytes(fixture.first));
const second = raster({ width: 6, height: 4 }, 3, bytes(fixture.second));

/** What is cut off may differ by one where a sum is a level but for its last bit. */
function expectLevels(found: Uint8ClampedArray, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const apart = expected.map((level, i) => Math.abs(level - found[i]));
  expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  expect(apart.filter((one) => one > 0).length).toBeLessThan(expected.length / 50);
}

describe('stitchPictures', () => {
  it.each(fixture.stitched)('lays the second $how.side, matched: $how.matches', ({ how, width, height, result }) => {
    const made = stitchPictures(toRgba(first), toRgba(second), how as Stitching);
    expect(made).toMatchObject({ width, height });
    expect([...made.data]).toEqual(result);
    expect(stitchedSize(first, second, how as Stitching)).toMatchObject({ width, height });
  });

  it('refuses a second of which nothing would be left', () => {
    const how = { side: 'right', matches: true, spacing: 0, colour: 'white' } as const;
    expect(() =>
      stitchPictures(toRgba(raster({ width: 9, height: 1 }, 3)), toRgba(raster({ width: 2, height: 9 }, 3)), how),
    ).toThrow('A picture of 0 × 1 pixels has none.');
  });
});

describe('framedPicture', () => {
  it.each(fixture.framed)('$width × $height by $mode', ({ result, width, height, mode, isWhite }) => {
    const made = framedPicture(toRgba(first), { width, height }, { mode: mode as 'lanczos', isWhite });
    expectLevels(made.data, result);
  });
});

describe('grained', () => {
  it.each([0, 1])('draws the noise of a batch together: picture %i', (index) => {
    const { seed, strength, results } = fixture.grained;
    const turned = raster(first, 3);
    for (let y = 0; y < 7; y++) turned.data.set(first.data.subarray(27 * (6 - y), 27 * (7 - y)), 27 * y);
    const picture = index === 0 ? first : turned;
    expectLevels(grained(picture, { seed, strength, place: { index, size: 2 } }).data, results[index]);
  });
});

describe('withAlpha', () => {
  it('hides what the mask says, scaled to the picture', () => {
    const { mask, result } = fixture.alpha;
    const made = withAlpha(first, raster({ width: 4, height: 5 }, 1, bytes(mask)));
    expectLevels(
      made.data.filter((_, i) => i % 4 === 3),
      result,
    );
    expect([...made.data.filter((_, i) => i % 4 !== 3)]).toEqual(fixture.first);
  });
});
