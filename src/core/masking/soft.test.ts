/** Against torch, numpy and Pillow: tools/fixtures/make_soft_inpainting.py. */
import { describe, expect, it } from 'vitest';
import { pillowGaussian } from '../image/blur';
import { resizeToFit } from '../image/geometry';
import { hashOf, madeBytes, mostApart } from '../image/testing/made-bytes';
import { SD_SCHEDULE } from '../samplers/testing/toy-model';
import { softBlend, softChange } from '.';
import golden from './fixtures/soft-inpainting.json' with { type: 'json' };
import { softMasking } from './soft';

const { height, width } = golden;
const cells = height * width;

const latentOf = (seed: number): Float32Array =>
  Float32Array.from(madeBytes(4 * cells, seed), (level) => (level - 128) / 64);

const maskOf = (seed: number): Float32Array =>
  Float32Array.from(madeBytes(cells, seed), (level, i) => (i < width ? 0 : i < 2 * width ? 1 : level / 255));

describe('softMasking', () => {
  it.each(golden.blends)('blends as A1111 at σ $sigma, $bias, $strength, $boost', ({ seed, sigma, ...of }) => {
    const soft = { softScheduleBias: of.bias, softPreservation: of.strength, softContrastBoost: of.boost };
    const masked = { latent: latentOf(seed), mask: maskOf(seed + 2) };
    const masking = softMasking(masked, { schedule: SD_SCHEDULE, isVariancePreserving: false, soft });
    const blended = masking.after(latentOf(seed + 1), sigma).filter((_, i) => i % 5 === 0);
    expect(mostApart(blended, of.every5th)).toBeLessThan(5e-6);
    expect(masking.end(masked.latent)).toBe(masked.latent);
  });

  it('gives a blend the longer of two lengths the more its contrast is boosted', () => {
    const [kept, painted, share] = [Float32Array.of(2, 0), Float32Array.of(0, 1), Float32Array.of(0.5)];
    const lengths = [1, 4, 32].map((boost) => Math.hypot(...softBlend(kept, painted, share, boost)));
    expect(lengths[0]).toBeCloseTo(1.5, 4);
    expect(lengths[1]).toBeGreaterThan(lengths[0]);
    expect(lengths[2]).toBeGreaterThan(lengths[1]);
    expect(lengths[2]).toBeLessThan(2);
  });
});

describe('softChange', () => {
  it.each(golden.changes)('takes what A1111 takes: $near, $influence, $threshold, $contrast', ({ seed, ...of }) => {
    const kept = latentOf(seed);
    const added = latentOf(seed + 1);
    const latent = kept.map((value, i) => value + Math.fround(of.near) * added[i]);
    const levels = softChange(
      { kept, latent, mask: maskOf(seed + 2), width, height },
      {
        softPreservation: of.strength,
        softMaskInfluence: of.influence,
        softDifferenceThreshold: of.threshold,
        softDifferenceContrast: of.contrast,
      },
    );
    expect([...levels.data]).toEqual(of.levels);
    const pixels = resizeToFit(levels, { width: 8 * width, height: 8 * height }, { mode: 'resize_and_fill' });
    expect(hashOf(pillowGaussian(pixels, 4).data)).toBe(of.pixels);
  });

  it('keeps all of what did not change, also with no threshold', () => {
    const same = { kept: latentOf(1), latent: latentOf(1), mask: maskOf(3), width, height };
    for (const softDifferenceThreshold of [0, 0.5]) {
      const settings = {
        softPreservation: 0.5,
        softMaskInfluence: 0,
        softDifferenceThreshold,
        softDifferenceContrast: 2,
      };
      expect(new Set(softChange(same, settings).data)).toEqual(new Set([0]));
    }
  });
});
