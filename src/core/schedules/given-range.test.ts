/** Sigmas of no model, and parts of others, against torch. */
import { describe, expect, it } from 'vitest';
import { cutSigmas } from './cut-sigmas';
import fixture from './fixtures/given-ranges.json';
import { exponentialRange, karrasRange, laplaceRange, polyexponentialRange, vpRange } from './given-range';

const RANGE = { steps: 7, sigmaMin: 0.0291675, sigmaMax: 14.614642 };
const made = {
  karras: karrasRange(RANGE, 7),
  exponential: exponentialRange(RANGE),
  polyexponential: polyexponentialRange(RANGE, 1.3),
  laplace: laplaceRange(RANGE, { mu: 0.2, beta: 0.5 }),
  vp: vpRange(7, { betaD: 19.9, betaMin: 0.1, epsilon: 0.001 }),
};

describe('sigmas of a given range', () => {
  it.each(Object.entries(fixture.ranges))('%s', (name, expected) => {
    const sigmas = made[name as keyof typeof made];
    expect(sigmas.length).toBe(expected.length);
    // float32 there, of which powers and exponentials lose a few bits
    expected.forEach((sigma, i) => expect(Math.abs(sigmas[i] - sigma)).toBeLessThanOrEqual(2e-5 * sigma));
  });
});

describe('cutSigmas', () => {
  const { sigmas: all, split, shares, flipped } = fixture.cuts;
  const sigmas = Float64Array.from(all);
  const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toPrecision(6)));

  it('splits at a step', () => {
    expect([rounded(cutSigmas(sigmas, 'until', 3)), rounded(cutSigmas(sigmas, 'from', 3))]).toEqual(split);
  });

  it.each(Object.entries(shares))('splits at a share of %s', (share, [high, low]) => {
    const amount = Number(share);
    expect(rounded(cutSigmas(sigmas, 'until_share', amount))).toEqual(high);
    expect(rounded(cutSigmas(sigmas, 'from_share', amount))).toEqual(low);
  });

  it('turns round, and sets the first', () => {
    expect(rounded(cutSigmas(sigmas, 'flip', 0))).toEqual(flipped);
    expect([...cutSigmas(sigmas, 'first', 20)].slice(0, 2)).toEqual([20, 8]);
    expect(cutSigmas(new Float64Array(0), 'flip', 0)).toHaveLength(0);
  });
});
