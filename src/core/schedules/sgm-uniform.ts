/** SGM Uniform: as Normal with one more step, whose last timestep gives way to the clean picture. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { sigmaRange, type ScheduleOptions } from './schedule-options';

/**
 * Nearly diffusers' "trailing" spacing, which zero-terminal-SNR and few-step models were made for.
 *
 * @see A1111 modules/sd_schedulers.py sgm_uniform
 */
export function sgmUniformSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  const timesteps = linspace(model.sigmaToT(sigmaMax), model.sigmaToT(sigmaMin), steps + 1).subarray(0, steps);
  return endingInZero(timesteps.map((t) => model.tToSigma(t)));
}
