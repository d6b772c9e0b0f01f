/** Uniform: timesteps evenly spaced from the last to the first, both included. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/** @see k-diffusion external.DiscreteSchedule.get_sigmas */
export function uniformSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  return endingInZero(linspace(model.tMax, model.tMin, steps).map((t) => model.tToSigma(t)));
}
