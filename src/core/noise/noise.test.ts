/** Every generator against its foreign reference, and the promises that the table makes. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import comfyFixture from './fixtures/comfyui.json';
import philoxFixture from './fixtures/philox.json';
import torchFixture from './fixtures/torch-cpu.json';
import { isNoiseId, NOISES, NOISE_SOURCES } from './index';

/** Last-bit differences of log, sine and cosine between libraries; values reach 5.8. */
const NOISE_ABS = 1e-6;
/** Tolerance for sums of 16 384 values, each within NOISE_ABS. */
const SUM_ABS = 1e-3;

interface Draw {
  count: number;
  values?: number[];
  first?: number[];
  last?: number[];
  sum?: number;
  sumOfSquares?: number;
}

const FIXTURES: Record<string, { cases: { seed: string; draws: Draw[] }[] }> = {
  nv: philoxFixture,
  cpu: torchFixture,
  comfyui: comfyFixture,
};

function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
}

function expectDraw(actual: Float32Array, draw: Draw): void {
  expect(actual.length).toBe(draw.count);
  if (draw.values) {
    expect(draw.values.length).toBe(draw.count);
    expect(largestDifference(actual, draw.values)).toBeLessThan(NOISE_ABS);
    return;
  }
  const { first = [], last = [], sum = NaN, sumOfSquares = NaN } = draw;
  expect(largestDifference(actual.subarray(0, 8), first)).toBeLessThan(NOISE_ABS);
  expect(largestDifference(actual.subarray(-8), last)).toBeLessThan(NOISE_ABS);
  expect(actual.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, -Math.log10(SUM_ABS));
  expect(actual.reduce((total, value) => total + value * value, 0) / sumOfSquares).toBeCloseTo(1, 6);
}

describe.each(Object.entries(NOISE_SOURCES))('noise %s', (id, { create }) => {
  const { cases } = FIXTURES[id];

  it.each(cases.map((c) => [`${c.seed}, draws of ${c.draws.map((d) => d.count).join(', ')}`, c] as const))(
    'gives the reference values of seed %s',
    (_, { seed, draws }) => {
      const source = create(BigInt(seed));
      for (const draw of draws) expectDraw(source.next(draw.count), draw);
    },
  );

  it('gives the same numbers for the same seed, and others for the next draw and the next seed', () => {
    const source = create(7);
    const first = source.next(64);
    expect(create(7n).next(64)).toEqual(first);
    expect(source.next(64)).not.toEqual(first);
    expect(create(8).next(64)).not.toEqual(first);
  });

  it('is standard normal: mean 0, variance 1, finite, no neighbour correlation', () => {
    const values = create(2024).next(65536);
    const mean = (f: (value: number, i: number) => number) =>
      values.reduce((t, v, i) => t + f(v, i), 0) / values.length;
    expect(values.every(Number.isFinite)).toBe(true);
    // Five standard errors: 1/√65536 = 0.0039, for squares √2 times that.
    expect(Math.abs(mean((v) => v))).toBeLessThan(0.02);
    expect(Math.abs(mean((v) => v * v) - 1)).toBeLessThan(0.028);
    expect(Math.abs(mean((v, i) => v * values[(i + 1) % values.length]))).toBeLessThan(0.02);
  });

  it('takes a negative seed modulo 2^64, as torch does', () => {
    expect(create(-1).next(32)).toEqual(create(2n ** 64n - 1n).next(32));
  });

  it.each([1.5, NaN, Infinity, 2 ** 53])('refuses the seed %s, which is not an exact whole number', (seed) => {
    expect(() => create(seed)).toThrow(AppError);
  });
});

describe('isNoiseId', () => {
  it('knows the ids and nothing inherited', () => {
    expect(Object.keys(NOISES).every(isNoiseId)).toBe(true);
    expect(['', 'NV', 'toString', '__proto__'].some(isNoiseId)).toBe(false);
  });
});
