/** DDIM CFG++: DDIM that goes back to the next level along the negative prompt's noise, not along the guided one. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, addTerms, derivative } from './arithmetic';
import { chosen, DDIM, type SamplerOptions } from './options';
import { type Latent, type LatentRun, brought } from './sampler';
import { toVariancePreserving } from './variance-preserving';

/** @see Chung et al. 2024, arXiv:2406.08070, algorithm 2; A1111 modules/sd_samplers_timesteps_impl.py ddim_cfgpp */
export async function sampleDdimCfgPp(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta } = chosen(DDIM, options);
  const denoiseBoth = brought(run.denoiseBoth, 'denoiseBoth');
  const last = run.sigmas.length - 1;
  let x = run.x;
  for (let index = 0; index < last; index++) {
    const sigma = run.sigmas[index];
    const { denoised, uncond } = await denoiseBoth(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    x = addTerms(denoised, [[sigmaDown, derivative(x, uncond, sigma)]]);
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sigmaUp);
  }
  return toVariancePreserving(x, run.sigmas[last]);
}
