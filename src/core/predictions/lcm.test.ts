import { describe, expect, it } from 'vitest';
import fixture from './fixtures/lcm.json';
import { lcmPrediction } from './index';

describe('lcmPrediction', () => {
  it.each(fixture.cases)('at timestep $timestep', ({ timestep, sigma, x0 }) => {
    const { toDenoised } = lcmPrediction(() => timestep);
    const denoised = toDenoised(Float32Array.from(fixture.x), Float32Array.from(fixture.output), sigma);
    x0.forEach((value, i) => expect(Math.abs(denoised[i] - value)).toBeLessThan(1e-4));
  });
});
