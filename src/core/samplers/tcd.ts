/** TCD: jumps below the next level along the model's own way, then noises up to it; for models distilled to jump to any level. */
import type { DiscreteSchedule } from '../schedules';
import { addNoise, eulerStep } from './arithmetic';
import { chosen, TCD, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** Sigmas come of timesteps by way of float32. */
const ROUNDING = 1e-3;

/** @see Zheng et al. 2024, arXiv:2402.19159, algorithm 4; diffusers TCDScheduler.step */
export async function sampleTcd(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta } = chosen(TCD, options);
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const [sigma, sigmaNext] = [run.sigmas[index], run.sigmas[index + 1]];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const isLast = index + 2 === run.sigmas.length;
    const below = jumpTo(sigmaNext, eta, run.model);
    x = eulerStep(x, denoised, sigma, below);
    if (!isLast && below < sigmaNext) x = addNoise(x, run.noise(), Math.sqrt(sigmaNext ** 2 - below ** 2));
  }
  return x;
}

/** The level of the timestep (1 − eta) times that of `sigma`, a whole one as diffusers takes it. */
function jumpTo(sigma: number, eta: number, model: DiscreteSchedule): number {
  if (sigma === 0 || eta === 0) return sigma;
  const timestep = Math.max(0, Math.floor((1 - eta) * model.sigmaToT(sigma) + ROUNDING));
  return Math.min(sigma, model.tToSigma(timestep));
}
