/** The noise schedule a model was trained with: a sigma for every timestep, and the way between the two. */
import { AppError } from '../errors';
import type { NoiseScheduleConfig } from './noise-schedule-config';
import { trainedSigmas, type TrainedSigmaOptions } from './trained-sigmas';

export interface DiscreteSchedule {
  /** σ_t = √((1 − ᾱ_t)/ᾱ_t) of the timesteps that the model knows, ascending. */
  sigmas: Float64Array;
  sigmaMin: number;
  sigmaMax: number;
  /** The timesteps of sigmaMin and sigmaMax: 0 and T−1, save for a distilled model. */
  tMin: number;
  tMax: number;
  /** Sigma at a timestep: between known ones, ln σ is linear in t; clamped to tMin … tMax. */
  tToSigma(t: number): number;
  /** What the U-Net is told of a sigma: the inverse of tToSigma, or the nearest known timestep (see `timesteps`). */
  sigmaToT(sigma: number): number;
}

export interface DiscreteOptions extends TrainedSigmaOptions {
  /**
   * Timesteps as A1111 gives them to the U-Net, fractional, or rounded to the nearest in ln σ as ComfyUI, Forge and
   * A1111's "quantization" do. By default what the conventions does.
   */
  timesteps?: 'fractional' | 'nearest';
}

/**
 * @throws AppError 'bad-file' when the betas leave no signal, or none that grows weaker at every timestep; 'bad-request'
 *   when only the downcast does
 * @see diffusers EulerDiscreteScheduler.__init__; k-diffusion external.DiscreteSchedule (t_to_sigma, sigma_to_t)
 */
export function createDiscreteSchedule(config: NoiseScheduleConfig, options: DiscreteOptions = {}): DiscreteSchedule {
  const { timesteps = options.conventions === 'comfyui' ? 'nearest' : 'fractional' } = options;
  const { sigmas, logSigmas, knots } = trainedSigmas(config, options);
  assertAscending(sigmas, options);
  const last = sigmas.length - 1;
  const between = timesteps === 'nearest' ? nearestIndex : fractionalIndex;
  return {
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: sigmas[last],
    tMin: 0,
    tMax: last,
    tToSigma: (t) => interpolateSigma(knots, logSigmas, t),
    sigmaToT: (sigma) => between(logSigmas, Math.log(sigma)),
  };
}

/** σ at a fractional index, linear in ln σ; one of `knots` at a whole index; clamped to the table. */
export function interpolateSigma(knots: Float64Array, logSigmas: Float64Array, index: number): number {
  const clamped = Math.min(Math.max(index, 0), knots.length - 1);
  const low = Math.floor(clamped);
  const part = clamped - low;
  if (part === 0) return knots[low];
  return Math.exp((1 - part) * logSigmas[low] + part * logSigmas[low + 1]);
}

/** The index of the entry nearest to `wanted`, the lower of two equally near. `values` ascend. */
export function nearestIndex(values: Float64Array, wanted: number): number {
  const low = lowerIndex(values, wanted);
  return wanted - values[low] <= values[low + 1] - wanted ? low : low + 1;
}

/** Where `wanted` lies between entries; clamped to the table. `values` ascend. */
function fractionalIndex(values: Float64Array, wanted: number): number {
  const low = lowerIndex(values, wanted);
  const part = (wanted - values[low]) / (values[low + 1] - values[low]);
  return low + Math.min(Math.max(part, 0), 1);
}

/** Index of the last value not above `wanted`, kept so that it has a right neighbour. `values` ascend. */
function lowerIndex(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= wanted) low = middle;
    else high = middle;
  }
  return low;
}

function assertAscending(sigmas: Float64Array, { downcastAlphas = false }: DiscreteOptions): void {
  const wrong = sigmas.findIndex((sigma, t) => !(sigma > (sigmas[t - 1] ?? 0) && sigma < Infinity));
  if (wrong === -1) return;
  const found = `sigma ${sigmas[wrong]} at timestep ${wrong} after ${sigmas[wrong - 1] ?? 0}`;
  if (downcastAlphas)
    throw new AppError(
      'bad-request',
      `Downcast alphas_cumprod gives this model ${found}. Switch it off for this model.`,
    );
  throw new AppError('bad-file', `scheduler_config.json: its betas give ${found}; sigmas must be finite and rise.`);
}
