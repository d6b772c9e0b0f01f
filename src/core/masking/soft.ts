/**
 * A1111's soft inpainting: each answer of the model is blended with what was there, the more of that the lower the mask and the higher the noise.
 *
 * @see A1111 extensions-builtin/soft-inpainting, 1.8 and later
 */
import type { DiscreteSchedule } from '../schedules';
import { nearestTimestep } from './nearest-timestep';

export interface SoftBlend {
  /** Above 1 more is kept early, below 1 late. */
  softScheduleBias: number;
  /** 0: nothing of what is masked at all. */
  softPreservation: number;
  /** The larger, the nearer a blend's length is to that of the longer of the two. */
  softContrastBoost: number;
}

const SOFT_BLEND: SoftBlend = { softScheduleBias: 1, softPreservation: 0.5, softContrastBoost: 4 };

interface SoftMasked {
  /** What is kept, scaled. [channels, height, width] */
  latent: Float32Array;
  /** [height, width], 1 where to repaint */
  mask: Float32Array;
}

interface SoftRun {
  schedule: DiscreteSchedule;
  isVariancePreserving: boolean;
  soft?: SoftBlend;
}

/**
 * Samplers in timesteps are blended in what the model is shown, by the number of the timestep in place of sigma, as it happens to be there: hardly
 * anything that is not all masked gets through.
 */
export function softMasking(
  { latent, mask }: SoftMasked,
  { schedule, isVariancePreserving, soft = SOFT_BLEND }: SoftRun,
) {
  const same = (values: Float32Array): Float32Array => values;
  const after = (denoised: Float32Array, sigma: number): Float32Array =>
    softBlend(latent, denoised, softened(mask, sigma, soft), soft.softContrastBoost);
  if (!isVariancePreserving) return { before: same, after, end: same };
  const before = (x: Float32Array, sigma: number): Float32Array => {
    const scale = Math.hypot(1, sigma);
    const own = x.map((value) => value / scale);
    const share = softened(mask, nearestTimestep(schedule, sigma), soft);
    return softBlend(latent, own, share, soft.softContrastBoost).map((value) => value * scale);
  };
  return { before, after: same, end: same };
}

const softened = (mask: Float32Array, sigma: number, { softScheduleBias, softPreservation }: SoftBlend) =>
  mask.map((level) => level ** (sigma ** softScheduleBias * softPreservation));

/** Added to the length that is divided by, which is 0 for a vector of nothing. */
const SMALLEST = 1e-5;

/**
 * A cell's channels are a vector: its direction is the mean's, its length between the two lengths.
 *
 * @param kept, painted  [channels, height, width] @param share  of the painted, [height, width]
 */
export function softBlend(
  kept: Float32Array,
  painted: Float32Array,
  share: Float32Array,
  contrastBoost: number,
): Float32Array {
  const to = new Float32Array(kept.length);
  const cells = share.length;
  for (let cell = 0; cell < cells; cell++) {
    const t = share[cell];
    let [ofKept, ofPainted, ofMean] = [0, 0, 0];
    for (let i = cell; i < kept.length; i += cells) {
      to[i] = kept[i] * (1 - t) + painted[i] * t;
      ofKept += kept[i] ** 2;
      ofPainted += painted[i] ** 2;
      ofMean += to[i] ** 2;
    }
    const powers = Math.sqrt(ofKept) ** contrastBoost * (1 - t) + Math.sqrt(ofPainted) ** contrastBoost * t;
    const scale = powers ** (1 / contrastBoost) / (Math.sqrt(ofMean) + SMALLEST);
    for (let i = cell; i < kept.length; i += cells) to[i] *= scale;
  }
  return to;
}
