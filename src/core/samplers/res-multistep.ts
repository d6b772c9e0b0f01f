/** RES multistep: second order, exponential in ln σ, one model call a step; ancestral, and with CFG++. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, addTerms, blend, derivative } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import { type Latent, type LatentRun, brought } from './sampler';

/** @see Zhang et al. 2023, arXiv:2308.02157; ComfyUI comfy/k_diffusion/sampling.py sample_res_multistep */
export function sampleResMultistep(run: LatentRun): Promise<Latent> {
  return walk(run, { eta: 0 }, plain(run));
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_res_multistep_ancestral */
export function sampleResMultistepAncestral(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, options, plain(run));
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_res_multistep_cfg_pp */
export async function sampleResMultistepCfgPp(run: LatentRun): Promise<Latent> {
  return walk(run, { eta: 0 }, brought(run.denoiseBoth, 'denoiseBoth'));
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_res_multistep_ancestral_cfg_pp */
export async function sampleResMultistepAncestralCfgPp(
  run: LatentRun,
  options: Partial<SamplerOptions> = {},
): Promise<Latent> {
  return walk(run, options, brought(run.denoiseBoth, 'denoiseBoth'));
}

/** `uncond` is what steps go along: the negative prompt's prediction with CFG++, else the same as `denoised`. */
type Predict = (x: Latent, sigma: number) => Promise<{ denoised: Latent; uncond: Latent }>;

function plain({ denoise }: LatentRun): Predict {
  return async (x, sigma) => {
    const denoised = await denoise(x, sigma);
    return { denoised, uncond: denoised };
  };
}

async function walk(run: LatentRun, options: Partial<SamplerOptions>, predict: Predict): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  let previous: { uncond: Latent; sigma: number; sigmaDown: number } | undefined;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const { denoised, uncond } = await predict(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, run.sigmas[index + 1], eta);
    if (sigmaDown === 0 || !previous) x = addTerms(denoised, [[sigmaDown, derivative(x, uncond, sigma)]]);
    else {
      const [now, before] = weights(sigma, sigmaDown, previous);
      // With CFG++ all of x is shifted by as much as guidance shifts the prediction.
      const shifted = denoised === uncond ? x : addTerms(blend(x, 1, denoised, 1), [[-1, uncond]]);
      x = addTerms(
        shifted.map((value) => (value * sigmaDown) / sigma),
        [
          [now, uncond],
          [before, previous.uncond],
        ],
      );
    }
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
    previous = { uncond, sigma, sigmaDown };
  }
  return x;
}

/**
 * Weights of the newest prediction and the one before, in λ = −ln σ: h φ₁(−h) and h φ₂(−h), which c₂ shares out. As published,
 * c₂ is measured from where the step before was to end, without its noise, which is no other place where there is none.
 */
function weights(
  sigma: number,
  sigmaDown: number,
  previous: { sigma: number; sigmaDown: number },
): readonly [now: number, before: number] {
  const h = Math.log(sigma / sigmaDown);
  const c2 = Math.log(previous.sigmaDown / previous.sigma) / h;
  const whole = -Math.expm1(-h); // h φ₁(−h)
  const before = c2 === 0 ? 0 : (whole / h - 1) / -c2; // h φ₂(−h) / c₂
  return [whole - before, before];
}
