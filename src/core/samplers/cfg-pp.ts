/** CFG++ in σ-space: steps go to the guided prediction, and on along the negative prompt's noise. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, addTerms, blend, derivative } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import { type Latent, type LatentRun, brought } from './sampler';

/** @see Chung et al. 2024, arXiv:2406.08070; ComfyUI comfy/k_diffusion/sampling.py sample_euler_cfg_pp */
export function sampleEulerCfgPp(run: LatentRun): Promise<Latent> {
  return sampleEulerAncestralCfgPp(run, { eta: 0 });
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_euler_ancestral_cfg_pp */
export async function sampleEulerAncestralCfgPp(
  run: LatentRun,
  options: Partial<SamplerOptions> = {},
): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  const denoiseBoth = brought(run.denoiseBoth, 'denoiseBoth');
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const { denoised, uncond } = await denoiseBoth(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    x = addTerms(denoised, [[sigmaDown, derivative(x, uncond, sigma)]]);
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}

/** DPM-Solver++(2M) so. @see ComfyUI comfy/k_diffusion/sampling.py sample_dpmpp_2m_cfg_pp */
export async function sampleDpmpp2mCfgPp(run: LatentRun): Promise<Latent> {
  const denoiseBoth = brought(run.denoiseBoth, 'denoiseBoth');
  let x = run.x;
  let previous: { uncond: Latent; h: number } | undefined;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const { denoised, uncond } = await denoiseBoth(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const h = Math.log(sigma / sigmaNext);
    const kept = sigmaNext / sigma; // e^−h
    x = addTerms(blend(denoised, 1, x, kept), [[-kept, uncond]]);
    if (previous && sigmaNext > 0) {
      const weight = ((1 - kept) * h) / (2 * previous.h);
      x = addTerms(x, [
        [weight, denoised],
        [-weight, previous.uncond],
      ]);
    }
    previous = { uncond, h };
  }
  return x;
}

/**
 * DPM-Solver++(2S) ancestral so. Its second half is shifted from the negative's prediction at the middle of the step,
 * where the one at its start is due; as published, and pictures depend on it.
 *
 * @see ComfyUI comfy/k_diffusion/sampling.py sample_dpmpp_2s_ancestral_cfg_pp
 */
export async function sampleDpmpp2sAncestralCfgPp(
  run: LatentRun,
  options: Partial<SamplerOptions> = {},
): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  const denoiseBoth = brought(run.denoiseBoth, 'denoiseBoth');
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const { denoised, uncond } = await denoiseBoth(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    if (sigmaDown === 0) x = denoised;
    else {
      const middle = Math.sqrt(sigma * sigmaDown);
      const there = await denoiseBoth(shifted(x, denoised, uncond, denoised, middle / sigma), middle);
      x = shifted(x, denoised, there.uncond, there.denoised, sigmaDown / sigma);
    }
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}

/** kept · (x + guided − uncond) + (1 − kept) · target */
function shifted(x: Latent, guided: Latent, uncond: Latent, target: Latent, kept: number): Latent {
  return addTerms(blend(x, kept, target, 1 - kept), [
    [kept, guided],
    [-kept, uncond],
  ]);
}
