/** Sizes that are written down. */
import { describe, expect, it } from 'vitest';
import { assertRoom, roomProblem } from './room';

describe('roomProblem', () => {
  it.each([
    [1, 1],
    [8192, 8192],
    [16_384, 4096],
  ])('has none for %i × %i', (width, height) => {
    expect(roomProblem({ width, height })).toBeUndefined();
  });

  it.each([
    [0, 64],
    [64, NaN],
    [16_385, 1],
    [8192, 8193],
    [1e9, 1e9],
  ])('has a sentence for %i × %i', (width, height) => {
    expect(roomProblem({ width, height })).toMatch(/^A picture of .*\.$/);
    expect(() => assertRoom({ width, height })).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
  });
});
