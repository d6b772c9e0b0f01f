/** Element-wise steps that samplers share. Inputs are left as they are. */
import type { Latent } from './sampler';

/** Moves along d = (x − denoised)/σ from sigma to sigmaNext; gives `denoised` itself where sigmaNext is 0. */
export function eulerStep(x: Latent, denoised: Latent, sigma: number, sigmaNext: number): Latent {
  const kept = sigmaNext / sigma;
  return blend(x, kept, denoised, 1 - kept);
}

/** a · x + b · y */
export function blend(x: Latent, a: number, y: Latent, b: number): Latent {
  return x.map((value, i) => a * value + b * y[i]);
}

/** x + amount · noise */
export function addNoise(x: Latent, noise: Latent, amount: number): Latent {
  return blend(x, 1, noise, amount);
}

export type Term = readonly [weight: number, tensor: Latent];

/** x + Σ weight · tensor */
export function addTerms(x: Latent, terms: readonly Term[]): Latent {
  return x.map((value, i) => terms.reduce((total, [weight, tensor]) => total + weight * tensor[i], value));
}

/** d = (x − denoised)/σ, which is also the noise that the model sees in x. */
export function derivative(x: Latent, denoised: Latent, sigma: number): Latent {
  return x.map((value, i) => (value - denoised[i]) / sigma);
}
