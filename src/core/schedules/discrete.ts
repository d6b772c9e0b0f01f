/** The noise schedule a model was trained with: a sigma for every timestep, and the way between the two. */
import { AppError } from '../errors';
import { trainedBetas, type NoiseScheduleConfig } from './noise-schedule-config';

export interface DiscreteSchedule {
  /** σ_t = √((1 − ᾱ_t)/ᾱ_t) for t = 0 … T−1, ascending. */
  sigmas: Float64Array;
  sigmaMin: number;
  sigmaMax: number;
  /** Between whole timesteps, ln σ is linear in t; clamped to 0 … T−1. */
  tToSigma(t: number): number;
  /** The inverse of tToSigma: fractional, as A1111 gives it to the U-Net (ComfyUI rounds to whole timesteps). */
  sigmaToT(sigma: number): number;
}

/**
 * ᾱ of the last timestep under zero terminal SNR, where it is 0 and σ infinite: diffusers' clamp (EulerDiscreteScheduler),
 * σ_max = 4096. A1111 uses 4.8973451890853435e-08 instead, σ_max = 4518.76.
 */
const ZERO_SNR_LAST_ALPHA = 2 ** -24;

/**
 * @throws AppError 'bad-file' when the betas leave no signal, or none that grows weaker at every timestep
 * @see diffusers EulerDiscreteScheduler.__init__; k-diffusion external.DiscreteSchedule (t_to_sigma, sigma_to_t)
 */
export function createDiscreteSchedule(config: NoiseScheduleConfig): DiscreteSchedule {
  const sigmas = toSigmas(cumulativeAlphas(config));
  assertAscending(sigmas);
  const logSigmas = sigmas.map((sigma) => Math.log(sigma));
  const last = sigmas.length - 1;
  return {
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: sigmas[last],
    tToSigma(t) {
      const clamped = Math.min(Math.max(t, 0), last);
      const low = Math.floor(clamped);
      const part = clamped - low;
      if (part === 0) return sigmas[low];
      return Math.exp((1 - part) * logSigmas[low] + part * logSigmas[low + 1]);
    },
    sigmaToT(sigma) {
      const logSigma = Math.log(sigma);
      const low = lowerIndex(logSigmas, logSigma);
      const from = logSigmas[low];
      const part = (logSigma - from) / (logSigmas[low + 1] - from);
      return low + Math.min(Math.max(part, 0), 1);
    },
  };
}

/** ᾱ_t = Π(1 − β); float64. */
function cumulativeAlphas(config: NoiseScheduleConfig): Float64Array {
  let product = 1;
  const alphas = trainedBetas(config).map((beta) => (product *= 1 - beta));
  return config.rescaleBetasZeroSnr ? withZeroTerminalSnr(alphas) : alphas;
}

/** Shifts and scales √ᾱ so that the first stays and the last is 0. @see Lin et al. 2023, arXiv:2305.08891, algorithm 1 */
function withZeroTerminalSnr(alphas: Float64Array): Float64Array {
  const first = Math.sqrt(alphas[0]);
  const last = Math.sqrt(alphas[alphas.length - 1]);
  const rescaled = alphas.map((alpha) => (((Math.sqrt(alpha) - last) * first) / (first - last)) ** 2);
  rescaled[rescaled.length - 1] = ZERO_SNR_LAST_ALPHA;
  return rescaled;
}

/** Rounds where A1111 rounds: its ᾱ and σ are float32 tensors, which moves σ_min by 1.3e-5 of its value. */
function toSigmas(alphas: Float64Array): Float64Array {
  return alphas.map((exact) => {
    const alpha = Math.fround(exact);
    return Math.fround(Math.sqrt(Math.fround(Math.fround(1 - alpha) / alpha)));
  });
}

function assertAscending(sigmas: Float64Array): void {
  const wrong = sigmas.findIndex((sigma, t) => !(sigma > (sigmas[t - 1] ?? 0) && sigma < Infinity));
  if (wrong === -1) return;
  const found = `sigma ${sigmas[wrong]} at timestep ${wrong} after ${sigmas[wrong - 1] ?? 0}`;
  throw new AppError('bad-file', `scheduler_config.json: its betas give ${found}; sigmas must be finite and rise.`);
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
