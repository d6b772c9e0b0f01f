/** Restart: Heun's steps, with some of the way walked again from fresh noise. */
import { addNoise } from './arithmetic';
import { heunStep } from './heun';
import { chosen, OWN_NOISE, type SamplerOptions } from './options';
import { restartSteps } from './restart-steps';
import type { Latent, LatentRun } from './sampler';

/** @see Xu et al. 2023, arXiv:2306.14878; A1111 modules/sd_samplers_extra.py restart_sampler */
export async function sampleRestart(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { sNoise } = chosen(OWN_NOISE, options);
  let x = run.x;
  let reached = run.sigmas[0];
  for (const [index, { sigma, sigmaNext }] of restartSteps(run.sigmas).entries()) {
    if (sigma > reached) x = addNoise(x, run.noise(), sNoise * Math.sqrt(sigma ** 2 - reached ** 2));
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    x = await heunStep(run, { x, sigma, denoised, sigmaNext });
    reached = sigmaNext;
  }
  return x;
}
