/**
 * What keeps the unmasked part of a latent while the rest is denoised: around the model's calls, so that it works with every sampler.
 *
 * x is in σ-space: x0 + σ · noise. The mask is 1 where to repaint. What is kept is blended per cell, the same in every channel.
 */
import type { DiscreteSchedule } from '../schedules';
import { nearestTimestep } from './nearest-timestep';
import { softMasking, type SoftBlend } from './soft';

export const MASK_MODES = ['differential', 'a1111', 'soft', 'comfyui', 'diffusers'] as const;
export type MaskMode = (typeof MASK_MODES)[number];

export interface MaskedLatent {
  /** What is kept, scaled. [channels, height, width] */
  latent: Float32Array;
  /** N(0, 1) of the start: what is kept is shown to the model with as much of it as the rest has. */
  noise: Float32Array;
  /** [height, width] */
  mask: Float32Array;
}

export interface MaskedRun {
  sigmas: Float64Array;
  /** The model's schedule as the sampler sees it. */
  schedule: DiscreteSchedule;
  /** What the sampler says of itself: see SamplerEntry. */
  isVariancePreserving: boolean;
  /** Settings of the mode `soft`. */
  soft?: SoftBlend;
}

/** All three give new arrays, or what they were given. */
export interface Masking {
  /** What the model sees of the latent. */
  before(x: Float32Array, sigma: number): Float32Array;
  /** What the sampler sees of the model's answer. */
  after(denoised: Float32Array, sigma: number): Float32Array;
  /** What becomes of the last latent. */
  end(latent: Float32Array): Float32Array;
}

type Way = (masked: MaskedLatent, run: MaskedRun) => Masking;

const WAYS: Readonly<Record<MaskMode, Way>> = {
  differential: differentialMasking,
  a1111: webuiMasking,
  soft: softMasking,
  comfyui: comfyMasking,
  diffusers: diffusersMasking,
};

export const createMasking = (mode: MaskMode, masked: MaskedLatent, run: MaskedRun): Masking => WAYS[mode](masked, run);

/**
 * Timestep samplers are shown the clean latent at its own scale, which in σ-space is √(σ² + 1) of it; all others keep it in x0.
 * @see A1111 modules/sd_samplers_cfg_denoiser.py (mask_before_denoising), modules/processing.py
 */
function webuiMasking({ latent, mask }: MaskedLatent, { isVariancePreserving }: MaskedRun): Masking {
  const keep = (values: Float32Array): Float32Array => blend(values, latent, mask);
  if (!isVariancePreserving) return { before: same, after: keep, end: keep };
  const before = (x: Float32Array, sigma: number): Float32Array => {
    const scale = Math.hypot(1, sigma);
    return blend(
      x,
      latent.map((value) => value * scale),
      mask,
    );
  };
  return { before, after: same, end: keep };
}

/** @see ComfyUI comfy/samplers.py, KSamplerX0Inpaint */
function comfyMasking(masked: MaskedLatent): Masking {
  const { latent, mask } = masked;
  return {
    before: (x, sigma) => blend(x, noised(masked, sigma), mask),
    after: (denoised) => blend(denoised, latent, mask),
    end: same,
  };
}

/**
 * A cell is repainted from the step on at which its level reaches what is left of the way in timesteps; cells of level 0 never.
 *
 * @see Levin and Fried 2023, arXiv:2306.00950; ComfyUI comfy_extras/nodes_differential_diffusion.py, which lets level 0 pass the last
 *   step, and no cell a single one
 */
function differentialMasking(masked: MaskedLatent, { sigmas, schedule }: MaskedRun): Masking {
  const { latent, mask } = masked;
  const positive = sigmas.filter((sigma) => sigma > 0);
  const first = nearestTimestep(schedule, positive[0]);
  const last = nearestTimestep(schedule, Math.max(schedule.sigmaMin, sigmas[sigmas.length - 1]));
  const open = (sigma: number): Float32Array => {
    const left = first > last ? (nearestTimestep(schedule, sigma) - last) / (first - last) : 0;
    const threshold = Math.min(1, left);
    return mask.map((level) => (level > 0 && level >= threshold ? 1 : 0));
  };
  return {
    before: (x, sigma) => blend(x, noised(masked, sigma), open(sigma)),
    after: (denoised, sigma) => blend(denoised, latent, open(sigma)),
    end: (values) =>
      blend(
        values,
        latent,
        mask.map((level) => (level > 0 ? 1 : 0)),
      ),
  };
}

/**
 * The pipeline changes x after each step, which is before each call but the first. What it keeps is never read from x0.
 * @see diffusers pipeline_stable_diffusion_inpaint.py, four channels
 */
function diffusersMasking(masked: MaskedLatent, { sigmas }: MaskedRun): Masking {
  const { latent, mask } = masked;
  const keep = (values: Float32Array): Float32Array => blend(values, latent, mask);
  return {
    before: (x, sigma) => (sigma >= sigmas[0] ? x : blend(x, noised(masked, sigma), mask)),
    after: keep,
    end: keep,
  };
}

const same = (values: Float32Array): Float32Array => values;

/** painted · mask + kept · (1 − mask) */
export function blend(painted: Float32Array, kept: Float32Array, mask: Float32Array): Float32Array {
  const cells = mask.length;
  return painted.map((value, i) => {
    const share = mask[i % cells];
    return share === 1 ? value : value * share + kept[i] * (1 - share);
  });
}

function noised({ latent, noise }: MaskedLatent, sigma: number): Float32Array {
  return latent.map((value, i) => value + sigma * noise[i]);
}
