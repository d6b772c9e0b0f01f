/** The model that `sample` runs on: data of N(0, 0.25), of which the ideal prediction is known. */
import type { Denoise, Latent } from '../../src/core/samplers';
import { createDiscreteSchedule, type DiscreteSchedule } from '../../src/core/schedules';
import { SD_CONFIG } from './sd-schedule';

const VARIANCE = 0.25;
/** Sigmas of whole timesteps come back a little below them. */
const TIMESTEP_SLACK = 1e-3;

/** D(x, σ) = 0.25 x/(0.25 + σ²). */
export const predictData: Denoise<Latent> = async (x, sigma) =>
  x.map((value) => (VARIANCE * value) / (VARIANCE + sigma ** 2));

/** Stable Diffusion's schedule, with sigmas that are not rounded to float32 as the programs' are. */
export const SD_MODEL: DiscreteSchedule = { ...createDiscreteSchedule(SD_CONFIG), sigmas: exactSigmas() };

/**
 * The same data as A1111's timestep samplers meet it: noise is predicted, with the ᾱ of a whole timestep, the fractional
 * part dropped: E[x0] = 0.25 √ᾱ x/(0.25 ᾱ + 1 − ᾱ) of a variance-preserving x.
 */
export const predictNoise: Denoise<Latent> = async (x, sigma) => {
  const timestep = Math.trunc(SD_MODEL.sigmaToT(sigma) + TIMESTEP_SLACK);
  const alpha = 1 / (1 + SD_MODEL.sigmas[timestep] ** 2);
  return x.map((value) => {
    const scaled = value / Math.hypot(1, sigma);
    const mean = (VARIANCE * Math.sqrt(alpha) * scaled) / (VARIANCE * alpha + 1 - alpha);
    return value - (sigma * (scaled - Math.sqrt(alpha) * mean)) / Math.sqrt(1 - alpha);
  });
};

/** σ_t = √((1 − ᾱ_t)/ᾱ_t), ᾱ_t = Π(1 − β); float64. */
function exactSigmas(): Float64Array {
  const { betaStart, betaEnd, numTrainTimesteps: count } = SD_CONFIG;
  const [first, last] = [Math.sqrt(betaStart), Math.sqrt(betaEnd)];
  let alpha = 1;
  return Float64Array.from({ length: count }, (_, t) => {
    alpha *= 1 - (first + (t / (count - 1)) * (last - first)) ** 2;
    return Math.sqrt((1 - alpha) / alpha);
  });
}
