/** Uniform: timesteps evenly spaced from the last to 0, both included. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/** @see k-diffusion external.DiscreteSchedule.get_sigmas; ComfyUI calls it `normal` */
export function uniformSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const timesteps = linspace(model.sigmas.length - 1, 0, steps);
  return endingInZero(timesteps.map((t) => model.tToSigma(t)));
}
