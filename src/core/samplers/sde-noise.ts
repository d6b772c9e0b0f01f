/** The noise that the multistep SDE samplers add at the end of a step. */
import { addNoise } from './arithmetic';
import { type Latent, type LatentRun, brought } from './sampler';

export interface SdeStep {
  sigma: number;
  sigmaNext: number;
  eta: number;
  sNoise: number;
}

/** @see Lu et al. 2022, arXiv:2211.01095, SDE-DPM-Solver++: the variance that (σ'/σ)^eta leaves to be filled */
export function addSdeNoise(run: LatentRun, x: Latent, step: SdeStep): Latent {
  const { sigma, sigmaNext, eta, sNoise } = step;
  if (eta === 0) return x;
  const share = Math.sqrt(1 - (sigmaNext / sigma) ** (2 * eta));
  return addNoise(x, brought(run.brownian, 'brownian')(sigma, sigmaNext), sNoise * sigmaNext * share);
}
