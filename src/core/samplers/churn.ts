/** Churn: noise added before a step, so that the step starts a little higher and washes errors out. */
import { addNoise } from './arithmetic';
import { CHURN, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** √2 − 1: a step may at most double the noise's variance. */
const MAX_GAMMA = Math.SQRT2 - 1;

/** Lifts a latent from sigma to the step's starting level; leaves it where churn is off. */
export type Churn = (x: Latent, sigma: number) => { x: Latent; sigma: number };

/**
 * A1111 draws at every step, also where the range leaves a step out: so do we, as soon as there is any churn.
 *
 * @see Karras et al. 2022, arXiv:2206.00364, algorithm 2; k-diffusion sample_euler
 */
export function createChurn(run: LatentRun, options: Partial<SamplerOptions>): Churn {
  const { sChurn, sTmin, sTmax, sNoise } = chosen(CHURN, options);
  const steps = run.sigmas.length - 1;
  const highest = sTmax > 0 ? sTmax : Infinity;
  return (x, sigma) => {
    if (sChurn <= 0) return { x, sigma };
    const noise = run.noise();
    if (sigma < sTmin || sigma > highest) return { x, sigma };
    const lifted = sigma * (1 + Math.min(sChurn / steps, MAX_GAMMA));
    return { x: addNoise(x, noise, sNoise * Math.sqrt(lifted ** 2 - sigma ** 2)), sigma: lifted };
  };
}
