/** PLMS: pseudo linear multistep, order 4 after a first step of two model calls; on timesteps of its own. */
import { addTerms, derivative, type Term } from './arithmetic';
import { ADAMS_BASHFORTH } from './ipndm';
import type { Latent, LatentRun } from './sampler';
import { toVariancePreserving } from './variance-preserving';

/** @see Liu et al. 2022, arXiv:2202.09778; A1111 modules/sd_samplers_timesteps_impl.py plms */
export async function samplePlms(run: LatentRun): Promise<Latent> {
  const last = run.sigmas.length - 1;
  let x = run.x;
  let slopes: Latent[] = [];
  for (let index = 0; index < last; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    slopes = [derivative(x, denoised, sigma), ...slopes].slice(0, ADAMS_BASHFORTH.length);
    const terms = index === 0 ? await improvedEuler(run, slopes[0]) : adamsBashforth(slopes);
    x = addTerms(
      x,
      terms.map(([weight, slope]): Term => [(sigmaNext - sigma) * weight, slope]),
    );
  }
  return toVariancePreserving(x, run.sigmas[last]);
}

/** The mean of the slopes at both ends of the first step. */
async function improvedEuler(run: LatentRun, slope: Latent): Promise<Term[]> {
  const [sigma, sigmaNext] = run.sigmas;
  if (sigmaNext === 0) return [[1, slope]];
  const end = addTerms(run.x, [[sigmaNext - sigma, slope]]);
  const endSlope = derivative(end, await run.denoise(end, sigmaNext), sigmaNext);
  return [
    [1 / 2, slope],
    [1 / 2, endSlope],
  ];
}

function adamsBashforth(slopes: readonly Latent[]): Term[] {
  return slopes.map((slope, age): Term => [ADAMS_BASHFORTH[slopes.length - 1][age], slope]);
}
