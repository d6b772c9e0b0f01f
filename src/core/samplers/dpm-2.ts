/** DPM2: the derivative at the middle of a step (in ln σ) carries the whole step; second order, two model calls a step. */
import { addTerms, derivative, eulerStep } from './arithmetic';
import { createChurn } from './churn';
import type { SamplerOptions } from './options';
import type { Latent, LatentRun, StepTo } from './sampler';

/** @see Lu et al. 2022, arXiv:2206.00927; k-diffusion sample_dpm_2 */
export async function sampleDpm2(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const churn = createChurn(run, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigmaNext = run.sigmas[index + 1];
    const start = churn(x, run.sigmas[index]);
    const denoised = await run.denoise(start.x, start.sigma);
    await run.onStep({ index, ...start, denoised });
    x = await midpointStep(run, { ...start, denoised, sigmaNext });
  }
  return x;
}

/** Calls the model once more, except to reach 0, where Euler's step is the prediction itself. */
export async function midpointStep(run: LatentRun, step: StepTo): Promise<Latent> {
  const { x, sigma, denoised, sigmaNext } = step;
  if (sigmaNext === 0) return eulerStep(x, denoised, sigma, 0);
  const middle = Math.sqrt(sigma * sigmaNext);
  const xMiddle = eulerStep(x, denoised, sigma, middle);
  const slope = derivative(xMiddle, await run.denoise(xMiddle, middle), middle);
  return addTerms(x, [[sigmaNext - sigma, slope]]);
}
