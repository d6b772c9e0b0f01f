/** Against OpenCV's THRESH_OTSU (tools/fixtures/otsu_levels.py). */
import { describe, expect, it } from 'vitest';
import { otsuLevel } from './otsu';
import fixture from './fixtures/otsu.json';

describe('otsuLevel', () => {
  it.each(fixture.cases.map((one) => [one.level, one] as const))(
    'is %i as with OpenCV',
    (wanted, { levels, counts }) => {
      const histogram = new Uint32Array(256);
      levels.forEach((level, i) => (histogram[level] = counts[i]));
      expect(otsuLevel(histogram)).toBe(wanted);
    },
  );
});
