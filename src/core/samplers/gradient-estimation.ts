/** Gradient estimation: Euler, corrected by how much the slope changed since the step before; also with CFG++. */
import { addTerms, derivative } from './arithmetic';
import { type Latent, type LatentRun, brought } from './sampler';

/** γ of the paper, ComfyUI's default: the change of the slope counts γ − 1 times more. */
const GAMMA = 2;

/** @see Permenter and Yuan 2024, openreview.net/forum?id=o2ND9v0CeK; ComfyUI sample_gradient_estimation */
export function sampleGradientEstimation(run: LatentRun): Promise<Latent> {
  return walk(run, async (x, sigma) => {
    const denoised = await run.denoise(x, sigma);
    return { denoised, uncond: denoised };
  });
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_gradient_estimation_cfg_pp */
export async function sampleGradientEstimationCfgPp(run: LatentRun): Promise<Latent> {
  return walk(run, brought(run.denoiseBoth, 'denoiseBoth'));
}

async function walk(
  run: LatentRun,
  predict: (x: Latent, sigma: number) => Promise<{ denoised: Latent; uncond: Latent }>,
): Promise<Latent> {
  let x = run.x;
  let before: Latent | undefined;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const { denoised, uncond } = await predict(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) return denoised;
    const slope = derivative(x, uncond, sigma);
    x = addTerms(denoised, [[sigmaNext, slope]]);
    const extra = (GAMMA - 1) * (sigmaNext - sigma);
    if (before)
      x = addTerms(x, [
        [extra, slope],
        [-extra, before],
      ]);
    before = slope;
  }
  return x;
}
