/** SGM Uniform: as Uniform with one more step, whose last timestep, 0, gives way to the clean picture. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/**
 * Nearly diffusers' "trailing" spacing, which zero-terminal-SNR and few-step models were made for.
 *
 * @see A1111 modules/sd_schedulers.py sgm_uniform
 */
export function sgmUniformSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const timesteps = linspace(model.sigmas.length - 1, 0, steps + 1).subarray(0, steps);
  return endingInZero(timesteps.map((t) => model.tToSigma(t)));
}
