/** The loop of samplers that continue the derivative d = (x − D)/σ from the last steps: LMS, IPNDM, IPNDM_V, DEIS. */
import { addTerms, derivative, type Term } from './arithmetic';
import type { Latent, LatentRun } from './sampler';

/**
 * The weights of d at this step and at those before it, newest first: x moves by Σ weight · d. As many as the order that
 * the history allows, at most index + 1.
 */
export type StepWeights = (sigmas: Float64Array, index: number) => readonly number[];

export async function sampleLinearMultistep(run: LatentRun, weightsOf: StepWeights): Promise<Latent> {
  let x = run.x;
  let slopes: Latent[] = [];
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const weights = weightsOf(run.sigmas, index);
    slopes = [derivative(x, denoised, sigma), ...slopes].slice(0, MAX_ORDER);
    x = addTerms(
      x,
      weights.map((weight, age): Term => [weight, slopes[age]]),
    );
  }
  return x;
}

const MAX_ORDER = 4;
