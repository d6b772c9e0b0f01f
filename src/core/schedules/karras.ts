/** Karras: sigmas evenly spaced after a 7th root, which puts most steps where sigma is small. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { rhoOf, sigmaRange, type ScheduleOptions } from './schedule-options';

const RHO = 7;

/** @see Karras et al. 2022, arXiv:2206.00364, equation 5; k-diffusion get_sigmas_karras */
export function karrasSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  const rho = rhoOf(options, RHO);
  const roots = linspace(sigmaMax ** (1 / rho), sigmaMin ** (1 / rho), steps);
  return endingInZero(roots.map((root) => root ** rho));
}
