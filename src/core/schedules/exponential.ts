/** Exponential: sigmas evenly spaced in ln σ. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { sigmaRange, type ScheduleOptions } from './schedule-options';

/** @see k-diffusion get_sigmas_exponential */
export function exponentialSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  return endingInZero(linspace(Math.log(sigmaMax), Math.log(sigmaMin), steps).map(Math.exp));
}
