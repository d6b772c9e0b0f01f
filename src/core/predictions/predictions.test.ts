import { describe, expect, it } from 'vitest';
import { PREDICTIONS, type Prediction, type PredictionId } from '.';
import { standardDeviation } from '../math';

/** 24-bit mantissa, a handful of operations on numbers up to 15. */
const FLOAT32_REL = 1e-5;

const X0 = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7));
const NOISE = Float32Array.from({ length: 64 }, (_, i) => Math.cos(i * 2.3));

/** What a network says that knows the answer. */
const PERFECT: Record<PredictionId, (sigma: number) => Float32Array> = {
  epsilon: () => NOISE,
  sample: () => X0,
  // alpha = 1/√(σ² + 1), the share of noise σ·alpha
  v_prediction: (sigma) => X0.map((x0, i) => (NOISE[i] - sigma * x0) / Math.sqrt(sigma * sigma + 1)),
};

const entries = Object.entries(PREDICTIONS) as [PredictionId, Prediction][];

describe.each(entries)('%s', (id, { scaleInput, toDenoised }) => {
  it.each([0.03, 0.7, 14.6])('gives x0 where the network knows it, at sigma %s', (sigma) => {
    const x = X0.map((x0, i) => x0 + sigma * NOISE[i]);
    const denoised = toDenoised(x, PERFECT[id](sigma), sigma);
    const largest = Math.max(...denoised.map((value, i) => Math.abs(value - X0[i])));
    expect(largest).toBeLessThan(FLOAT32_REL * (1 + sigma));
  });

  it('scales pure noise to a spread of one, and leaves x as it is', () => {
    const sigma = 14.6;
    const x = NOISE.map((value) => value * sigma);
    const before = x.slice();
    const spread = standardDeviation(scaleInput(x, sigma)) / standardDeviation(NOISE);
    expect(spread).toBeCloseTo(sigma / Math.sqrt(sigma * sigma + 1), 5);
    expect(x).toEqual(before);
  });
});
