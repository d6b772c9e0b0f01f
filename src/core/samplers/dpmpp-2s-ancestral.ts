/** DPM-Solver++(2S) ancestral: the prediction at the middle of a step carries it; two model calls a step, then noise. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, eulerStep } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see Lu et al. 2022, arXiv:2211.01095, algorithm 1; k-diffusion sample_dpmpp_2s_ancestral */
export async function sampleDpmpp2sAncestral(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    if (sigmaDown === 0) x = eulerStep(x, denoised, sigma, 0);
    else {
      const middle = Math.sqrt(sigma * sigmaDown);
      const middleDenoised = await run.denoise(eulerStep(x, denoised, sigma, middle), middle);
      x = eulerStep(x, middleDenoised, sigma, sigmaDown);
    }
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}
