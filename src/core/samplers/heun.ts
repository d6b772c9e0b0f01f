/** Heun: Euler's step, corrected by the derivative at its end; second order, two model calls a step. */
import { addTerms, derivative, eulerStep } from './arithmetic';
import { createChurn } from './churn';
import type { SamplerOptions } from './options';
import type { Latent, LatentRun, StepTo } from './sampler';

/** @see Karras et al. 2022, arXiv:2206.00364, algorithm 2; k-diffusion sample_heun */
export async function sampleHeun(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const churn = createChurn(run, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const start = churn(x, run.sigmas[index]);
    const denoised = await run.denoise(start.x, start.sigma);
    await run.onStep({ index, ...start, denoised });
    x = await heunStep(run, { ...start, denoised, sigmaNext: run.sigmas[index + 1] });
  }
  return x;
}

/** Calls the model once more, except to reach 0, where Euler's step is the prediction itself. */
export async function heunStep(run: LatentRun, { x, sigma, denoised, sigmaNext }: StepTo): Promise<Latent> {
  const end = eulerStep(x, denoised, sigma, sigmaNext);
  if (sigmaNext === 0) return end;
  const half = (sigmaNext - sigma) / 2;
  const endDenoised = await run.denoise(end, sigmaNext);
  return addTerms(x, [
    [half, derivative(x, denoised, sigma)],
    [half, derivative(end, endDenoised, sigmaNext)],
  ]);
}
