/** Karras: sigmas evenly spaced after a 7th root, which puts most steps where sigma is small. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

const RHO = 7;

/** @see Karras et al. 2022, arXiv:2206.00364, equation 5; k-diffusion get_sigmas_karras */
export function karrasSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const roots = linspace(model.sigmaMax ** (1 / RHO), model.sigmaMin ** (1 / RHO), steps);
  return endingInZero(roots.map((root) => root ** RHO));
}
