/** One number each: k-diffusion's and A1111's samplers in float64, on D(x, σ) = 0.25 x/(0.25 + σ²), all noise 0.5. */
import { describe, expect, it } from 'vitest';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../schedules';
import { type Denoise, type Latent, type RunnableSampler, type SamplerId, type LatentRun } from './index';
import { RUNNABLE as SAMPLERS } from './formulas';
import type { SamplerOptions } from './options';

/** Half a unit of the eighth decimal. */
const EIGHT_DECIMALS = 0.5e-8;

const SIGMA_MAX = 14.6146412293;
const CONFIG = readNoiseScheduleConfig({ beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 });

/** Stable Diffusion's schedule, with sigmas that are not rounded to float32. */
const MODEL = { ...createDiscreteSchedule(CONFIG), sigmas: exactSigmas() };

function exactSigmas(): Float64Array {
  let alpha = 1;
  const roots = [Math.sqrt(CONFIG.betaStart), Math.sqrt(CONFIG.betaEnd)];
  return Float64Array.from({ length: 1000 }, (_, t) => {
    alpha *= 1 - (roots[0] + (t / 999) * (roots[1] - roots[0])) ** 2;
    return Math.sqrt((1 - alpha) / alpha);
  });
}

function karras(steps: number): Float64Array {
  const [max, min] = [SIGMA_MAX ** (1 / 7), 0.0291671582 ** (1 / 7)];
  return Float64Array.of(...Array.from({ length: steps }, (_, i) => (max + (i / (steps - 1)) * (min - max)) ** 7), 0);
}

async function sample(id: SamplerId, run: Partial<LatentRun>, options: Partial<SamplerOptions> = {}) {
  let calls = 0;
  const { denoise = pull } = run;
  const entry: RunnableSampler = SAMPLERS[id];
  const [x] = await entry.sample(
    {
      x: Float64Array.of(SIGMA_MAX),
      sigmas: karras(10),
      model: MODEL,
      noise: () => Float64Array.of(0.5),
      brownian: () => Float64Array.of(0.5),
      onStep: () => {},
      ...run,
      denoise: (latent, sigma) => {
        calls++;
        return denoise(latent, sigma);
      },
    },
    options,
  );
  return { x, calls };
}

const pull: Denoise<Latent> = async (x, sigma) => x.map((value) => (0.25 * value) / (0.25 + sigma ** 2));

describe('samplers on Karras-10', () => {
  it.each([
    ['euler', {}, 0.41426978, 10],
    ['euler', { sChurn: 10 }, 0.55484383, 10],
    ['heun', {}, 0.53380934, 19],
    ['lms', {}, 0.46958097, 10],
    ['dpm_2', {}, 0.51866693, 19],
    ['dpmpp_2m', {}, 0.52546221, 10],
    ['euler_ancestral', {}, 0.45781135, 10],
    ['ddpm', {}, 0.45781135, 10],
    ['dpm_2_ancestral', {}, 0.78544001, 19],
    ['dpmpp_2s_ancestral', {}, 0.59065628, 19],
    ['dpmpp_sde', {}, 0.61723064, 19],
    ['dpmpp_2m_sde', {}, 0.6416277, 10],
    ['dpmpp_2m_sde_heun', {}, 0.72146312, 10],
    ['dpmpp_3m_sde', {}, 0.73893585, 10],
    ['dpm_fast', { eta: 0 }, 0.49441986, 10],
    ['dpm_fast', {}, 0.51157366, 10],
    ['dpm_adaptive', { eta: 0 }, 0.51295635, 27],
    ['dpm_adaptive', {}, 0.64786259, 39],
  ] as const)('%s with %j ends at %f after %i calls', async (id, options, expected, calls) => {
    const actual = await sample(id, {}, options);
    expect(Math.abs(actual.x - expected)).toBeLessThan(EIGHT_DECIMALS);
    expect(actual.calls).toBe(calls);
  });

  it.each([
    [20, 0.36532145, 39],
    [40, 0.33759062, 79],
  ])('restart of %i steps ends at %f after %i calls', async (steps, expected, calls) => {
    const actual = await sample('restart', { sigmas: karras(steps) });
    expect(Math.abs(actual.x - expected)).toBeLessThan(EIGHT_DECIMALS);
    expect(actual.calls).toBe(calls);
  });
});

describe('timestep samplers of 10 steps', () => {
  /** The same data as A1111 sees it: ᾱ of whole timesteps, and the noise as what the model predicts. */
  const denoise: Denoise<Latent> = async (x, sigma) => {
    const t = Math.trunc(MODEL.sigmaToT(sigma) + 1e-3);
    const alpha = 1 / (1 + MODEL.sigmas[t] ** 2);
    return x.map((value) => {
      const scaled = value / Math.hypot(1, sigma);
      const mean = (0.25 * Math.sqrt(alpha) * scaled) / (0.25 * alpha + 1 - alpha);
      return value - (sigma * (scaled - Math.sqrt(alpha) * mean)) / Math.sqrt(1 - alpha);
    });
  };

  it.each([
    ['ddim', {}, 0.40721557, 9],
    ['ddim', { eta: 1 }, 0.51072766, 9],
    ['plms', {}, 0.47891548, 10],
    ['uni_pc', {}, 0.43351786, 10],
  ] as const)('%s with %j ends at %f after %i calls', async (id, options, expected, calls) => {
    const sigmas = SAMPLERS[id].ownSigmas?.(10, MODEL) ?? Float64Array.of();
    const actual = await sample(id, { denoise, sigmas, x: Float64Array.of(Math.hypot(1, sigmas[0])) }, options);
    expect(Math.abs(actual.x - expected)).toBeLessThan(EIGHT_DECIMALS);
    expect(actual.calls).toBe(calls);
  });
});
