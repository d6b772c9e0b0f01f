/** HeunPP2: Heun++ looks up to two steps ahead and weighs the derivatives by their sigmas; up to three calls a step. */
import { addTerms, derivative, eulerStep, type Term } from './arithmetic';
import { createChurn } from './churn';
import type { SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see ComfyUI and Forge sample_heunpp2, from Carzit/sd-webui-samplers-scheduler */
export async function sampleHeunpp2(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const churn = createChurn(run, options);
  const { sigmas } = run;
  let x = run.x;
  for (let index = 0; index + 1 < sigmas.length; index++) {
    const start = churn(x, sigmas[index]);
    const denoised = await run.denoise(start.x, start.sigma);
    await run.onStep({ index, ...start, denoised });
    const ahead = await slopesAhead(run, index, eulerStep(start.x, denoised, start.sigma, sigmas[index + 1]));
    const shares = ahead.map((_, i) => sigmas[index + 1 + i] / ((ahead.length + 1) * sigmas[0]));
    const own = 1 - shares.reduce((sum, share) => sum + share, 0);
    const length = sigmas[index + 1] - start.sigma;
    x = addTerms(start.x, [
      [length * own, derivative(start.x, denoised, start.sigma)],
      ...ahead.map((slope, i): Term => [length * shares[i], slope]),
    ]);
  }
  return x;
}

/** The derivatives at the end of this step and of the next one, followed by Euler's steps; none at the last sigma. */
async function slopesAhead(run: LatentRun, index: number, end: Latent): Promise<Latent[]> {
  const { sigmas } = run;
  const slopes: Latent[] = [];
  let x = end;
  for (let at = index + 1; at < Math.min(index + 3, sigmas.length - 1); at++) {
    const denoised = await run.denoise(x, sigmas[at]);
    slopes.push(derivative(x, denoised, sigmas[at]));
    x = eulerStep(x, denoised, sigmas[at], sigmas[at + 1]);
  }
  return slopes;
}
