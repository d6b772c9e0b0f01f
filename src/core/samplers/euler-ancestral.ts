/** Euler ancestral: steps lower than asked, then adds fresh noise up to the asked level. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, eulerStep } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see k-diffusion sample_euler_ancestral */
export async function sampleEulerAncestral(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    x = eulerStep(x, denoised, sigma, sigmaDown);
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}
