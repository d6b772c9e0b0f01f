/** Euler: first order, one model call a step; with churn, Karras' stochastic variant. */
import { addNoise, eulerStep } from './arithmetic';
import type { SamplerRun } from './sampler';

export interface ChurnOptions {
  /** Noise added and taken away again over the whole run; 0 keeps the sampler deterministic. A1111 "Sigma churn". */
  churn?: number;
  churnMinSigma?: number;
  churnMaxSigma?: number;
  noiseScale?: number;
}

/** √2 − 1: a step may at most double the noise's variance. */
const MAX_GAMMA = Math.SQRT2 - 1;

/** @see Karras et al. 2022, arXiv:2206.00364, algorithm 2 without the second-order correction; k-diffusion sample_euler */
export async function sampleEuler(run: SamplerRun, options: ChurnOptions = {}): Promise<Float32Array> {
  const { churn = 0, churnMinSigma = 0, churnMaxSigma = Infinity, noiseScale = 1 } = options;
  const steps = run.sigmas.length - 1;
  let x = run.x;
  for (let index = 0; index < steps; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const churned = sigma >= churnMinSigma && sigma <= churnMaxSigma;
    const gamma = churned ? Math.min(churn / steps, MAX_GAMMA) : 0;
    const sigmaHat = sigma * (1 + gamma);
    if (gamma > 0) x = addNoise(x, run.noise(), noiseScale * Math.sqrt(sigmaHat ** 2 - sigma ** 2));
    const denoised = await run.denoise(x, sigmaHat);
    await run.onStep({ index, sigma: sigmaHat, denoised, x });
    x = eulerStep(x, denoised, sigmaHat, sigmaNext);
  }
  return x;
}
