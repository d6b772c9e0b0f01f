/** The beta distribution against scipy. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/beta.json';
import { betaQuantile, incompleteBeta } from './incomplete-beta';

/** Both sides carry some 1e-14 of ln Γ; scipy's own error is of that size. */
const REL = 1e-12;

describe.each(fixture.cases)('the distribution Beta($a, $b)', ({ a, b, p, x, cdf }) => {
  it('has the quantiles of scipy', () => {
    // Quantiles within an ulp of 1 have no relative precision from below.
    x.forEach((value, i) => expect(Math.abs(betaQuantile(p[i], a, b) - value)).toBeLessThanOrEqual(REL * value));
  });

  it('has the probabilities of scipy', () => {
    cdf.forEach((value, i) => expect(Math.abs(incompleteBeta(p[i], a, b) - value)).toBeLessThanOrEqual(REL * value));
  });
});

describe('betaQuantile', () => {
  it('inverts incompleteBeta and keeps the ends', () => {
    for (let i = 1; i < 100; i++)
      expect(incompleteBeta(betaQuantile(i / 100, 0.6, 0.6), 0.6, 0.6)).toBeCloseTo(i / 100, 13);
    expect([0, 1].map((p) => betaQuantile(p, 0.6, 0.6))).toEqual([0, 1]);
    expect(betaQuantile(0.5, 0.6, 0.6)).toBeCloseTo(0.5, 14);
  });
});
