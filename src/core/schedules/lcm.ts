/** LCM: timesteps evenly spaced over those that latent consistency models were distilled at. */
import { linspace } from '../math';
import { interpolateSigma, nearestIndex, type DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

const LCM_TIMESTEPS = 50;

/**
 * The schedule as an LCM knows it: of 1000 timesteps 19, 39, … 999, σ from 0.134451; tToSigma interpolates between them.
 * With the sampler LCM, A1111 builds every schedule type on this.
 *
 * @see A1111 modules/sd_samplers_lcm.py; ComfyUI comfy_extras/nodes_model_advanced.py; diffusers LCMScheduler
 */
export function lcmSchedule(model: DiscreteSchedule): DiscreteSchedule {
  const total = model.sigmas.length;
  const count = Math.min(LCM_TIMESTEPS, total);
  const stride = Math.floor(total / count);
  const timesteps = Array.from({ length: count }, (_, i) => total - 1 - (count - 1 - i) * stride);
  const sigmas = Float64Array.from(timesteps, (t) => model.sigmas[t]);
  const logSigmas = sigmas.map((sigma) => Math.log(sigma));
  const tMin = timesteps[0];
  return {
    sigmas,
    sigmaMin: sigmas[0],
    sigmaMax: sigmas[count - 1],
    tMin,
    tMax: total - 1,
    tToSigma: (t) => interpolateSigma(sigmas, logSigmas, (t - tMin) / stride),
    sigmaToT: (sigma) => tMin + nearestIndex(logSigmas, Math.log(sigma)) * stride,
  };
}

/** Timesteps evenly spaced from the last to the first of an LCM's: what A1111 does with the sampler LCM. */
export function lcmSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const lcm = lcmSchedule(model);
  return endingInZero(linspace(lcm.tMax, lcm.tMin, steps).map((t) => lcm.tToSigma(t)));
}
