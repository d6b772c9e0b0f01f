import { describe, expect, it } from 'vitest';
import { standardDeviation } from './index';

describe('standardDeviation', () => {
  it('is unbiased and blind to the mean', () => {
    expect(standardDeviation(Float32Array.of(1, 2, 3, 4))).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(standardDeviation(Float32Array.of(1001, 1002, 1003, 1004))).toBeCloseTo(Math.sqrt(5 / 3), 12);
  });

  it('is 0 for values that do not spread', () => {
    expect([[], [5], [5, 5, 5]].map((values) => standardDeviation(Float32Array.from(values)))).toEqual([0, 0, 0]);
  });
});
