/** DPM-Solver++(2M) SDE: second order, multistep, one model call a step, noise from a Brownian path. */
import { addTerms, blend } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';
import { addSdeNoise } from './sde-noise';

/** @see Lu et al. 2022, arXiv:2211.01095; k-diffusion sample_dpmpp_2m_sde, solver_type midpoint */
export function sampleDpmpp2mSde(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walkDpmpp2mSde(run, options, (decay) => -Math.expm1(-decay) / 2);
}

/** @param correction weight of the predictions' slope for a step of (1 + eta) h in ln σ */
export async function walkDpmpp2mSde(
  run: LatentRun,
  options: Partial<SamplerOptions>,
  correction: (decay: number) => number,
): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  let previous: { denoised: Latent; h: number } | undefined;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) return denoised;
    const h = Math.log(sigma / sigmaNext);
    const decay = (1 + eta) * h;
    x = blend(x, Math.exp(-decay), denoised, -Math.expm1(-decay));
    if (previous) {
      const weight = (correction(decay) * h) / previous.h;
      x = addTerms(x, [
        [weight, denoised],
        [-weight, previous.denoised],
      ]);
    }
    x = addSdeNoise(run, x, { sigma, sigmaNext, eta, sNoise });
    previous = { denoised, h };
  }
  return x;
}
