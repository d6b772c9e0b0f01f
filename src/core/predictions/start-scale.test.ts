import { describe, expect, it } from 'vitest';
import { startScale } from './index';

describe('startScale', () => {
  const [sigma, sigmaMax] = [14.6146421, 14.6146421];

  it('is sigma in A1111, and the deviation of noised data with its SGM noise multiplier', () => {
    expect(startScale({ sigma, sigmaMax, rule: 'sigma' })).toBe(sigma);
    // The ratio that A1111 and ComfyUI users know.
    expect(startScale({ sigma, sigmaMax, rule: 'full' }) / sigma).toBeCloseTo(1.002338, 6);
  });

  it('is full in ComfyUI only from the sigma at which the model starts, to five digits', () => {
    const rule = 'comfyui';
    for (const first of [sigma, sigma * (1 - 9e-6), 15])
      expect(startScale({ sigma: first, sigmaMax, rule })).toBe(Math.sqrt(1 + first * first));
    expect(startScale({ sigma: sigma * (1 - 2e-5), sigmaMax, rule })).toBe(sigma * (1 - 2e-5));
  });
});
