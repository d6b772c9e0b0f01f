/**
 * The other way to write a latent: √ᾱ · x0 + √(1 − ᾱ) · noise, which is x0 + σ · noise divided by √(σ² + 1).
 *
 * A1111's timestep samplers work in it. Their steps are the same in σ-space, where ours take place; only the ends differ:
 * they start from unscaled noise, and what they hand to the decoder still has the scale of their last sigma.
 */
import type { Latent } from './sampler';
export function toVariancePreserving(x: Latent, sigma: number): Latent {
  return x.map((value) => value / Math.hypot(1, sigma));
}
