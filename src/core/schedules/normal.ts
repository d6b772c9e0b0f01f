/** Normal: as Uniform, but between the timesteps of the sigmas asked for. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { sigmaRange, type ScheduleOptions } from './schedule-options';

/** @see A1111 modules/sd_schedulers.py normal_scheduler; ComfyUI comfy/samplers.py normal_scheduler (same on SD models) */
export function normalSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  const timesteps = linspace(model.sigmaToT(sigmaMax), model.sigmaToT(sigmaMin), steps);
  return endingInZero(timesteps.map((t) => model.tToSigma(t)));
}
