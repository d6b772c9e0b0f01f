/** Euler: first order, one model call a step; with churn, Karras' stochastic variant. */
import { eulerStep } from './arithmetic';
import { createChurn } from './churn';
import type { SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see Karras et al. 2022, arXiv:2206.00364, algorithm 2 without the second-order correction; k-diffusion sample_euler */
export async function sampleEuler(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const churn = createChurn(run, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const start = churn(x, run.sigmas[index]);
    const denoised = await run.denoise(start.x, start.sigma);
    await run.onStep({ index, ...start, denoised });
    x = eulerStep(start.x, denoised, start.sigma, run.sigmas[index + 1]);
  }
  return x;
}
