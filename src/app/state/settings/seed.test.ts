import { describe, expect, it } from 'vitest';
import { drawSeed, seedProblem } from './seed';

describe('seedProblem', () => {
  it.each([-1, 0, 7, 2 ** 32, Number.MAX_SAFE_INTEGER])('takes %d', (seed) =>
    expect(seedProblem(seed)).toBeUndefined(),
  );

  it.each([-2, 1.5, NaN, Infinity, 2 ** 53, null, '7'])('refuses %s and says what is allowed', (seed) =>
    expect(seedProblem(seed)).toMatch(/from 0 to 9007199254740991, or -1 for a random one/),
  );
});

describe('drawSeed', () => {
  it('draws whole numbers below 2^32, not always the same', () => {
    const seeds = Array.from({ length: 20 }, drawSeed);
    for (const seed of seeds) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
    expect(new Set(seeds).size).toBeGreaterThan(10);
  });
});
