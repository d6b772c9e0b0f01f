/** DPM-Solver++(2M): second order, multistep, one model call a step. */
import { blend } from './arithmetic';
import type { Latent, LatentRun } from './sampler';

/** @see Lu et al. 2022, arXiv:2211.01095, algorithm 2; k-diffusion sample_dpmpp_2m */
export async function sampleDpmpp2m(run: LatentRun): Promise<Latent> {
  let x = run.x;
  let previous: { denoised: Latent; h: number } | undefined;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const h = Math.log(sigma / sigmaNext);
    const target = sigmaNext > 0 && previous ? extrapolate(denoised, previous.denoised, previous.h / h) : denoised;
    const kept = sigmaNext / sigma; // e^−h
    x = blend(x, kept, target, 1 - kept);
    previous = { denoised, h };
  }
  return x;
}

/** The prediction at the step's middle, from this one and the last. @param r length of the last step over this one's */
function extrapolate(denoised: Latent, previous: Latent, r: number): Latent {
  return blend(denoised, 1 + 1 / (2 * r), previous, -1 / (2 * r));
}
