import { describe, expect, it } from 'vitest';
import { fromEncoder, toDecoder } from '.';

/** 24-bit mantissa, two roundings. */
const FLOAT32_REL = 3e-7;

describe.each([
  ['as Stable Diffusion 1.5 has it', { scalingFactor: 0.18215, shiftFactor: 0 }],
  ['with a shift', { scalingFactor: 0.3611, shiftFactor: 0.1159 }],
])('a latent %s', (_, format) => {
  it('comes back from the autoencoder’s numbers, and is centred and scaled on the way', () => {
    const latent = Float32Array.of(-3, -0.25, 0, 0.5, 4);
    const given = toDecoder(latent, format);
    expect(given[2]).toBeCloseTo(format.shiftFactor, 6);
    expect(given[4] - given[2]).toBeCloseTo(4 / format.scalingFactor, 4);
    fromEncoder(given, format).forEach((value, i) =>
      expect(Math.abs(value - latent[i])).toBeLessThanOrEqual(FLOAT32_REL * (Math.abs(given[i]) + 1)),
    );
  });
});
