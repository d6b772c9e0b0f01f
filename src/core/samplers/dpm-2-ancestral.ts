/** DPM2 ancestral: DPM2's step lower than asked, then fresh noise up to the asked level. */
import { ancestralSplit } from './ancestral-split';
import { addNoise } from './arithmetic';
import { midpointStep } from './dpm-2';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see k-diffusion sample_dpm_2_ancestral: no noise where the whole step is noise, which needs eta above 1 */
export async function sampleDpm2Ancestral(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    x = await midpointStep(run, { x, sigma, denoised, sigmaNext: sigmaDown });
    if (sigmaDown > 0 && sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}
