/** The model of the fixtures: see tools/fixtures/sampling_runs.py. */
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../../schedules';
import type { Denoise, DenoiseBoth, Latent } from '../sampler';

export const toyModel: Denoise<Latent> = async (x, sigma) =>
  x.map((value, i) => {
    const following = x[(i + 1) % x.length];
    return 0.7 * Math.tanh(value / Math.sqrt(1 + sigma ** 2)) + 0.2 * Math.sin((3 * following) / (1 + sigma));
  });

/** The same with what a negative prompt would predict. */
export const toyBoth: DenoiseBoth<Latent> = async (x, sigma) => ({
  denoised: await toyModel(x, sigma),
  uncond: x.map((value, i) => {
    const following = x[(i + 1) % x.length];
    return 0.5 * Math.tanh((0.8 * value) / Math.sqrt(1 + sigma ** 2)) - 0.1 * Math.cos((2 * following) / (1 + sigma));
  }),
});

/** Stable Diffusion's schedule. */
export const SD_SCHEDULE = createDiscreteSchedule(
  readNoiseScheduleConfig({ beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 }),
);
