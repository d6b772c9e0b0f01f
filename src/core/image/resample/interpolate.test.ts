/** Against torch: tools/fixtures/image_resize.py. */
import { describe, expect, it } from 'vitest';
import { interpolate, INTERPOLATE_MODES, type InterpolateMode } from '.';
import { madePlanes, mostApart } from '../testing/made-bytes';
import golden from './fixtures/interpolate.json' with { type: 'json' };

/** Sums of a few float32 products of values up to 1. */
const FLOAT32_ABS = 1e-6;

const PASSES = golden.cases.map(({ mode, antialias, ...rest }) => ({
  name: `${mode}${antialias ? ', antialiased' : ''} ${rest.from.join(' × ')} → ${rest.to.join(' × ')}`,
  options: { mode: mode as InterpolateMode, antialias },
  ...rest,
}));

describe('interpolate', () => {
  it('has cases of every mode', () => {
    expect(new Set(PASSES.map(({ options }) => options.mode))).toEqual(new Set(INTERPOLATE_MODES));
  });

  it.each(PASSES)('makes the numbers of torch: $name', ({ options, seed, from, to, values }) => {
    const planes = madePlanes(2 * from[0] * from[1], seed);
    const [old, wanted] = [from, to].map(([height, width]) => ({ width, height }));
    const result = interpolate(planes, old, wanted, options);
    expect(result).toHaveLength(2 * to[0] * to[1]);
    const kept = result.filter((_, i) => i % golden.stride === 0);
    expect(mostApart(kept, values)).toBeLessThan(FLOAT32_ABS);
  });

  it.each([
    ['bilinear', false, [0, 0.41429, 1.02381, 1.63333, 2.24286], [62.58572, 63]],
    ['bilinear', true, [0, 0.41429, 1.02381, 1.63333, 2.24286], [62.58572, 63]],
    ['bicubic', false, [-0.09483, 0.32849, 1.03488, 1.60237, 2.29014], [63.09483]],
    ['bicubic', true, [-0.07415, 0.32045, 1.02381, 1.63333], [63.07415]],
    ['nearest', false, [0, 0, 1, 1, 2, 3], [62, 62, 63]],
    ['nearest-exact', false, [0, 0, 1, 2, 2, 3], [62, 63, 63]],
  ] as const)('enlarges 0, 1, 2 … 63 to 105: %s, antialias %s', (mode, antialias, start, end) => {
    const line = Float32Array.from({ length: 64 }, (_, i) => i);
    const options = { mode, antialias };
    const long = interpolate(line, { width: 64, height: 1 }, { width: 105, height: 1 }, options);
    expect(mostApart(long.subarray(0, start.length), start)).toBeLessThan(6e-6);
    expect(mostApart(long.subarray(-end.length), end)).toBeLessThan(6e-6);
  });

  it('refuses numbers that are not of that size', () => {
    const options = { mode: 'area' } as const;
    expect(() => interpolate(new Float32Array(7), { width: 2, height: 2 }, { width: 1, height: 1 }, options)).toThrow(
      /cannot be 1 × 1/,
    );
  });
});
