/** Data of N(0, DATA_VARIANCE): the ideal denoiser is linear, and all that samplers approximate has a closed form. */
import { NOISE_SOURCES } from '../../noise';
import type { Denoise, Latent, LatentRun } from '../sampler';
import { createBrownianPath } from './brownian-path';
import { SD_SCHEDULE } from './toy-model';

const DATA_VARIANCE = 0.5;

/** The mean of the data that x may have been. */
export const IDEAL: Denoise<Latent> = async (x, sigma) =>
  x.map((value) => (value * DATA_VARIANCE) / (DATA_VARIANCE + sigma ** 2));

/** Where the way of the data through x began: what a consistency model predicts. */
export const CONSISTENT: Denoise<Latent> = async (x, sigma) => x.map((value) => value * shrinkage(sigma, 0));

/** A model that TCD jumps along at its usual eta: where the straight line through its prediction meets the way, there it jumps to. */
export function jumping(sigmas: Float64Array): Denoise<Latent> {
  return async (x, sigma) => {
    const next = sigmas[sigmas.indexOf(sigma) + 1];
    const t = Math.floor(0.7 * SD_SCHEDULE.sigmaToT(next) + 1e-3);
    const below = next === 0 ? 0 : Math.min(next, SD_SCHEDULE.tToSigma(t));
    const kept = below / sigma;
    return x.map((value) => (value * (shrinkage(sigma, below) - kept)) / (1 - kept));
  };
}

/** What the way from sigma down to sigmaEnd makes of a latent: a factor. */
export function shrinkage(sigma: number, sigmaEnd: number): number {
  return Math.sqrt((DATA_VARIANCE + sigmaEnd ** 2) / (DATA_VARIANCE + sigma ** 2));
}

/** Even in ln σ from `first` to `last`, without the 0: steps + 1 values. */
export function geometric(first: number, last: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => first * (last / first) ** (i / Math.max(steps, 1)));
}

/** Sigmas as most real runs have them: from 10 down, and 0 in the end. */
export function ladder(steps: number): Float64Array {
  return Float64Array.of(...geometric(10, 0.03, steps - 1), 0);
}

export function toRun(sigmas: Float64Array, overrides: Partial<LatentRun> = {}, count = 8): LatentRun {
  const source = NOISE_SOURCES.cpu.create(11);
  const draw = (): Latent => Float64Array.from(source.next(count));
  const { denoise = IDEAL } = overrides;
  return {
    denoise,
    denoiseBoth: async (x, sigma) => {
      const denoised = await denoise(x, sigma);
      return { denoised, uncond: denoised };
    },
    x: draw().map((value) => value * sigmas[0]),
    sigmas,
    model: SD_SCHEDULE,
    noise: draw,
    brownian: createBrownianPath(NOISE_SOURCES.cpu.create(12), count, sigmas.findLast((sigma) => sigma > 0) ?? 0),
    onStep: () => {},
    ...overrides,
  };
}
