/** DPM-Solver++ SDE: as 2S, but the middle is noisy too; two model calls a step, noise from a Brownian path. */
import { ancestralSplit } from './ancestral-split';
import { addNoise, eulerStep } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import { type Latent, type LatentRun, brought } from './sampler';

/** The two noises of a step lie on one path: the first covers the step's upper part, the second all of it. */
export async function sampleDpmppSde(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);

  /** Goes from x at sigma to sigmaNext, by a prediction that need not be the one at x. */
  const stepTo = (x: Latent, denoised: Latent, sigma: number, sigmaNext: number): Latent => {
    const { sigmaDown, sigmaUp } = ancestralSplit(sigma, sigmaNext, eta);
    const below = eulerStep(x, denoised, sigma, sigmaDown);
    if (sigmaUp === 0) return below;
    return addNoise(below, brought(run.brownian, 'brownian')(sigma, sigmaNext), sNoise * sigmaUp);
  };

  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) x = eulerStep(x, denoised, sigma, 0);
    else {
      const middle = Math.sqrt(sigma * sigmaNext);
      const middleDenoised = await run.denoise(stepTo(x, denoised, sigma, middle), middle);
      x = stepTo(x, middleDenoised, sigma, sigmaNext);
    }
  }
  return x;
}
