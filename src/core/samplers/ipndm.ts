/** IPNDM: Adams-Bashforth of order 4 with the weights of even steps, whatever the sigmas; one model call a step. */
import { sampleLinearMultistep } from './linear-multistep';
import type { Latent, LatentRun } from './sampler';

/** Weights of the derivatives, newest first, by order; each row sums to 1. */
export const ADAMS_BASHFORTH: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/** @see Zhang and Chen 2022, arXiv:2204.13902, iPNDM; ComfyUI sample_ipndm, max_order 4 */
export function sampleIpndm(run: LatentRun): Promise<Latent> {
  return sampleLinearMultistep(run, (sigmas, index) => {
    const length = sigmas[index + 1] - sigmas[index];
    return ADAMS_BASHFORTH[Math.min(index, 3)].map((weight) => length * weight);
  });
}
