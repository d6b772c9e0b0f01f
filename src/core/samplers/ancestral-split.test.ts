/** The ancestral split: variance kept, limits right. */
import { describe, expect, it } from 'vitest';
import { ancestralSplit } from './ancestral-split';
import { sampleEulerAncestral } from './euler-ancestral';
import { sampleEuler } from './euler';
import type { LatentRun } from './sampler';
import { SD_SCHEDULE } from './testing/toy-model';

describe('ancestralSplit', () => {
  it('gives the values of k-diffusion for one step', () => {
    const { sigmaDown, sigmaUp } = ancestralSplit(14.6146, 9.1029, 1);
    expect(sigmaUp).toBeCloseTo(7.121477, 5);
    expect(sigmaDown).toBeCloseTo(5.669864, 5);
  });

  it.each([0, 0.3, 1, 5])('keeps the variance and never adds more than asked with eta %f', (eta) => {
    for (const [sigma, sigmaNext] of [
      [14.6, 9.1],
      [1, 0.999],
      [0.03, 0],
      [4096, 14],
    ]) {
      const { sigmaDown, sigmaUp } = ancestralSplit(sigma, sigmaNext, eta);
      expect(Math.hypot(sigmaDown, sigmaUp)).toBeCloseTo(sigmaNext, 9);
      expect(sigmaUp).toBeLessThanOrEqual(sigmaNext);
    }
  });
});

describe('sampleEulerAncestral', () => {
  it('is Euler when eta is 0', async () => {
    const run: LatentRun = {
      denoise: async (x, sigma) => x.map((value) => Math.tanh(value) / (1 + sigma)),
      x: Float64Array.of(3, -8, 0.5),
      sigmas: Float64Array.of(10, 4, 1, 0.2, 0),
      model: SD_SCHEDULE,
      noise: () => Float64Array.of(1, 1, 1),
      onStep: () => {},
    };
    expect(await sampleEulerAncestral(run, { eta: 0 })).toEqual(await sampleEuler(run));
  });
});
