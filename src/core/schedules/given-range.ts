/** Sigmas between two that are given, of no model. @see k-diffusion sampling.py get_sigmas_*; ComfyUI comfy/k_diffusion/sampling.py get_sigmas_laplace */
import { linspace } from '../math';

export interface GivenRange {
  steps: number;
  sigmaMin: number;
  sigmaMax: number;
}

const withZero = (sigmas: Float64Array): Float64Array => Float64Array.from([...sigmas.map(Math.fround), 0]);

export function karrasRange({ steps, sigmaMin, sigmaMax }: GivenRange, rho: number): Float64Array {
  return withZero(linspace(sigmaMax ** (1 / rho), sigmaMin ** (1 / rho), steps).map((root) => root ** rho));
}

export function exponentialRange({ steps, sigmaMin, sigmaMax }: GivenRange): Float64Array {
  return withZero(linspace(Math.log(sigmaMax), Math.log(sigmaMin), steps).map((log) => Math.exp(log)));
}

export function polyexponentialRange({ steps, sigmaMin, sigmaMax }: GivenRange, rho: number): Float64Array {
  const [low, high] = [Math.log(sigmaMin), Math.log(sigmaMax)];
  return withZero(linspace(1, 0, steps).map((share) => Math.exp(share ** rho * (high - low) + low)));
}

/** So that there is no logarithm of 0. */
const NEAR = 1e-5;

/** Ends above 0: nothing is added to it. @see Hang et al. 2024, arXiv:2407.03297 */
export function laplaceRange(
  { steps, sigmaMin, sigmaMax }: GivenRange,
  { mu, beta }: { mu: number; beta: number },
): Float64Array {
  return linspace(0, 1, steps).map((x) => {
    const log = mu - beta * Math.sign(0.5 - x) * Math.log(1 - 2 * Math.abs(0.5 - x) + NEAR);
    return Math.fround(Math.min(sigmaMax, Math.max(sigmaMin, Math.exp(log))));
  });
}

/** Sigmas of a variance-preserving process in continuous time. */
export function vpRange(
  steps: number,
  { betaD, betaMin, epsilon }: { betaD: number; betaMin: number; epsilon: number },
): Float64Array {
  const times = linspace(1, epsilon, steps);
  return withZero(times.map((time) => Math.sqrt(Math.expm1((betaD * time ** 2) / 2 + betaMin * time))));
}
