/** Euler ancestral: steps lower than asked, then adds fresh noise up to the asked level. */
import { addNoise, eulerStep } from './arithmetic';
import { ancestralSplit, type AncestralOptions } from './ancestral-split';
import type { SamplerRun } from './sampler';

/** @see k-diffusion sample_euler_ancestral */
export async function sampleEulerAncestral(run: SamplerRun, options: AncestralOptions = {}): Promise<Float32Array> {
  const { eta = 1, noiseScale = 1 } = options;
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, sigmaNext, eta);
    x = eulerStep(x, denoised, sigma, sigmaDown);
    if (sigmaNext > 0) x = addNoise(x, run.noise(), noiseScale * sigmaUp);
  }
  return x;
}
