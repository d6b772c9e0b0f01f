import { describe, expect, it } from 'vitest';
import { LATENT_COLOURS } from '../families/latent-colours';
import { latentPreview, readLatentRgb } from '.';

describe('latentPreview', () => {
  it('is the weighted sum of channels plus bias, cell by cell', () => {
    const latent = Float32Array.of(1, 0, 0, 1); // two channels, two cells
    const rgb = {
      factors: [
        [1, 0, 0],
        [0, 0.5, 0],
      ] as [number, number, number][],
      bias: [-1, 0, 1] as [number, number, number],
    };
    expect([...latentPreview(latent, 2, 1, rgb).data]).toEqual([127, 127, 255, 255, 0, 191, 255, 255]);
  });
});

describe('readLatentRgb', () => {
  it('takes numbers that fit the channels and nothing else', () => {
    const json = { latent_rgb_factors: LATENT_COLOURS.sd.factors, latent_rgb_bias: [0, 0, 0] };
    expect(readLatentRgb(json, 4)).toEqual(LATENT_COLOURS.sd);
    expect(readLatentRgb(json, 16)).toBeUndefined();
    expect(readLatentRgb({ ...json, latent_rgb_bias: [0, NaN, 0] }, 4)).toBeUndefined();
    expect(readLatentRgb(null, 4)).toBeUndefined();
  });
});
