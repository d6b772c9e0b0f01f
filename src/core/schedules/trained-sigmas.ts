/** A sigma for every training timestep, in the arithmetic of the program whose pictures are to be reproduced. */
import { roundToHalf } from '../math/half';
import { trainedBetas, type NoiseScheduleConfig } from './noise-schedule-config';

/** The program whose numbers a recipe follows. */
export type Conventions = 'a1111' | 'comfyui';

export interface TrainedSigmaOptions {
  /**
   * A1111 rounds ᾱ to float32 before the ratio (σ_min 0.0291675329), ComfyUI only the sigmas (0.0291671582).
   * Forge has ComfyUI's table.
   */
  conventions?: Conventions;
  /** Forces zero terminal SNR on a model that does not ask for it: A1111's "Noise Schedule", ComfyUI's `zsnr`. */
  zeroTerminalSnr?: boolean;
  /** A1111's "Downcast alphas_cumprod", implied by infotexts before version 1.7.0: all of it in half precision. */
  downcastAlphas?: boolean;
}

export interface TrainedSigmas {
  /** σ_t = √((1 − ᾱ_t)/ᾱ_t), t = 0 … T−1; float32 values, half ones when downcast. */
  sigmas: Float64Array;
  /** ln σ_t, as the program has it to interpolate in. */
  logSigmas: Float64Array;
  /** What interpolation gives at whole timesteps: the sigmas, or e^logSigmas where those are coarse. */
  knots: Float64Array;
}

type Round = (value: number) => number;

/** ᾱ of the last timestep under zero terminal SNR, where it is 0 and σ infinite: σ_max = 4518.76. @see A1111, ComfyUI */
const WEBUI_LAST_ALPHA = 4.8973451890853435e-8;
/** diffusers' clamp in place of it (EulerDiscreteScheduler), for checkpoints whose own config asks: σ_max = 4096. */
const DIFFUSERS_LAST_ALPHA = 2 ** -24;

const exact: Round = (value) => value;
const toHalf: Round = (value) => roundToHalf(Math.fround(value));

/** @see A1111 modules/sd_models.py apply_alpha_schedule_override; ComfyUI comfy/model_sampling.py ModelSamplingDiscrete */
export function trainedSigmas(config: NoiseScheduleConfig, options: TrainedSigmaOptions = {}): TrainedSigmas {
  return options.conventions === 'comfyui' ? comfySigmas(config, options) : webuiSigmas(config, options);
}

/** Every intermediate is a float32 or, when downcast, a half; a config's own zero terminal SNR is diffusers', in float64. */
function webuiSigmas(config: NoiseScheduleConfig, options: TrainedSigmaOptions): TrainedSigmas {
  const { zeroTerminalSnr = false, downcastAlphas = false } = options;
  const trained = cumulativeAlphas(config);
  const own = config.rescaleBetasZeroSnr;
  let alphas: Float64Array = (own ? rescaled(trained, DIFFUSERS_LAST_ALPHA, exact) : trained).map(Math.fround);
  if (downcastAlphas) alphas = alphas.map(toHalf);
  if (zeroTerminalSnr && !own) alphas = rescaled(alphas, WEBUI_LAST_ALPHA, Math.fround);
  // 1/ᾱ of zero terminal SNR is beyond the range of halves.
  const round = downcastAlphas && !zeroTerminalSnr && !own ? toHalf : Math.fround;
  const sigmas = alphas.map((alpha) => round(Math.sqrt(round(round(1 - alpha) / alpha))));
  if (round !== toHalf) return { sigmas, logSigmas: sigmas.map(Math.log), knots: sigmas };
  const logSigmas = sigmas.map((sigma) => toHalf(Math.log(sigma)));
  return { sigmas, logSigmas, knots: logSigmas.map(Math.exp) };
}

/** float64 throughout; sigmas rounded to float32 at the end, after their logarithms were taken. */
function comfySigmas(config: NoiseScheduleConfig, { zeroTerminalSnr = false }: TrainedSigmaOptions): TrainedSigmas {
  const toSigma: Round = (alpha) => Math.sqrt((1 - alpha) / alpha);
  let sigmas: Float64Array = cumulativeAlphas(config).map(toSigma);
  if (zeroTerminalSnr || config.rescaleBetasZeroSnr) {
    const alphas = sigmas.map((sigma) => 1 / (sigma * sigma + 1));
    sigmas = rescaled(alphas, WEBUI_LAST_ALPHA, exact).map(toSigma);
  }
  const rounded = sigmas.map(Math.fround);
  return { sigmas: rounded, logSigmas: sigmas.map(Math.log), knots: rounded };
}

/** ᾱ_t = Π(1 − β); float64. */
function cumulativeAlphas(config: NoiseScheduleConfig): Float64Array {
  let product = 1;
  return trainedBetas(config).map((beta) => (product *= 1 - beta));
}

/** Shifts and scales √ᾱ so that the first stays and the last is 0. @see Lin et al. 2023, arXiv:2305.08891, algorithm 1 */
function rescaled(alphas: Float64Array, lastAlpha: number, round: Round): Float64Array {
  const roots = alphas.map((alpha) => round(Math.sqrt(alpha)));
  const first = roots[0];
  const last = roots[roots.length - 1];
  const scale = round(first / round(first - last));
  const result = roots.map((root) => {
    const stretched = round(round(root - last) * scale);
    return round(stretched * stretched);
  });
  result[result.length - 1] = round(lastAlpha);
  return result;
}
