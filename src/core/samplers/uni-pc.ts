/** UniPC: unified predictor and corrector of order 3; one model call a step, on timesteps of its own. */
import { addTerms, blend, type Term } from './arithmetic';
import type { Latent, LatentRun } from './sampler';
import { BH1, BH2, correctorWeights, predictorWeights, type Reach } from './uni-pc-weights';
import { toVariancePreserving } from './variance-preserving';

const ORDER = 3;

/** Stands in for a last sigma of 0, where ln σ ends. ComfyUI's value. */
const LOWEST_SIGMA = 0.001;

interface Estimate {
  sigma: number;
  denoised: Latent;
}

/** A step taken by the predictor, kept until the model's word about its end corrects it. */
interface Guess {
  /** First order: what both predictor and corrector add to. */
  base: Latent;
  /** Newest first; as many as the order. */
  history: readonly Estimate[];
  sigmaNext: number;
}

/** @see Zhao et al. 2023, arXiv:2302.04867, with data prediction and B(h) = h; A1111's defaults (bh1, order 3) */
export function sampleUniPc(run: LatentRun): Promise<Latent> {
  return walk(run, BH1);
}

/** The same with B(h) = 1 − e^−h. @see ComfyUI comfy/extra_samplers/uni_pc.py sample_unipc_bh2 */
export function sampleUniPcBh2(run: LatentRun): Promise<Latent> {
  return walk(run, BH2);
}

async function walk(run: LatentRun, reach: Reach): Promise<Latent> {
  const last = run.sigmas.length - 1;
  const sigmas = run.sigmas.map((sigma) => Math.max(sigma, LOWEST_SIGMA));
  let x = run.x;
  let history: Estimate[] = [];
  let guess: Guess | undefined;
  for (let index = 0; index < last; index++) {
    const sigma = sigmas[index];
    const sigmaNext = sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (guess) x = correct(guess, denoised, reach);
    history = [{ sigma, denoised }, ...history].slice(0, ORDER);
    const kept = sigmaNext / sigma;
    const base = blend(x, kept, denoised, 1 - kept);
    guess = { base, history: history.slice(0, Math.min(ORDER, last - index)), sigmaNext };
    x = predict(guess, reach);
  }
  return toVariancePreserving(x, run.sigmas[last]);
}

function predict({ base, history, sigmaNext }: Guess, reach: Reach): Latent {
  const weights = predictorWeights(logSteps(history, sigmaNext), reach);
  return addTerms(base, differences(history, weights));
}

/** @param denoised the prediction at the guessed end */
function correct({ base, history, sigmaNext }: Guess, denoised: Latent, reach: Reach): Latent {
  const weights = correctorWeights(logSteps(history, sigmaNext), reach);
  return addTerms(base, differences([...history, { sigma: sigmaNext, denoised }], weights));
}

/** λ = −ln σ of the history, newest first, and of the step's end. */
function logSteps(history: readonly Estimate[], sigmaNext: number): { past: number[]; next: number } {
  return { past: history.map(({ sigma }) => -Math.log(sigma)), next: -Math.log(sigmaNext) };
}

/** Σ weight · (prediction − newest prediction) over all but the newest. */
function differences([newest, ...others]: readonly Estimate[], weights: readonly number[]): Term[] {
  const own = -weights.reduce((sum, weight) => sum + weight, 0);
  return [[own, newest.denoised], ...others.map(({ denoised }, i): Term => [weights[i], denoised])];
}
