/** SA-Solver: stochastic Adams, predictor of order 3 and corrector of order 4 in λ = −ln σ; one model call a step, or two (PECE). */
import { addNoise, addTerms } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';
import { solveLinear } from './uni-pc-weights';

const [PREDICTOR_ORDER, CORRECTOR_ORDER] = [3, 4];

/** The part of the model's timesteps, counted from the noisy end, on which there is noise. ComfyUI's. */
const NOISY_FROM = 0.2;
const NOISY_TO = 0.8;

/** @see Xue et al. 2023, arXiv:2309.05019, equations 15 and 18; ComfyUI comfy/k_diffusion/sampling.py sample_sa_solver */
export function sampleSaSolver(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, options, false);
}

/** The corrected latent is asked about once more. @see ComfyUI comfy/k_diffusion/sampling.py sample_sa_solver_pece */
export function sampleSaSolverPece(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, options, true);
}

interface Prediction {
  lambda: number;
  denoised: Latent;
}

/** The way to where a prediction was made: the corrector goes it again. */
interface Way {
  from: Latent;
  sigma: number;
  tau: number;
  /** What was added at its end. */
  noise: Latent | undefined;
}

async function walk(run: LatentRun, options: Partial<SamplerOptions>, asksAgain: boolean): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  const { sigmas } = run;
  const steps = sigmas.length - 1;
  const endsAtZero = sigmas[steps] === 0;
  let x = run.x;
  let way: Way | undefined;
  let past: Prediction[] = []; // newest first
  for (let index = 0; index < steps; index++) {
    const [sigma, sigmaNext] = [sigmas[index], sigmas[index + 1]];
    let denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    past = [{ lambda: -Math.log(sigma), denoised }, ...past].slice(0, CORRECTOR_ORDER);
    if (way && (sigmaNext > 0 || asksAgain)) {
      x = moved(way, sigma, past.slice(0, endsAtZero ? steps - index : CORRECTOR_ORDER));
      if (asksAgain) {
        denoised = await run.denoise(x, sigma);
        past[0] = { ...past[0], denoised };
      }
    }
    if (sigmaNext === 0) return denoised;
    const tau = isNoisy(sigmaNext, run) ? eta : 0;
    const drawn = tau > 0 && sNoise > 0 ? run.noise() : undefined;
    const amount = sNoise * sigmaNext * Math.sqrt(-Math.expm1(-2 * tau ** 2 * Math.log(sigma / sigmaNext)));
    way = { from: x, sigma, tau, noise: drawn?.map((value) => amount * value) };
    const order = endsAtZero ? Math.min(PREDICTOR_ORDER, steps - 1 - index) : PREDICTOR_ORDER;
    x = moved(way, sigmaNext, past.slice(0, order));
  }
  return x;
}

function isNoisy(sigma: number, { model }: LatentRun): boolean {
  const most = model.sigmas.length - 1;
  return model.tToSigma((1 - NOISY_FROM) * most) >= sigma && sigma >= model.tToSigma((1 - NOISY_TO) * most);
}

/** Moves to sigmaNext, along the polynomial through predictions. */
function moved({ from, sigma, tau, noise }: Way, sigmaNext: number, predictions: readonly Prediction[]): Latent {
  const h = Math.log(sigma / sigmaNext);
  const kept = (sigmaNext / sigma) * Math.exp(-(tau ** 2) * h);
  const end = -Math.log(sigmaNext);
  const weights = adamsWeights(
    predictions.map(({ lambda }) => lambda - end),
    h,
    1 + tau ** 2,
  );
  const there = addTerms(
    from.map((value) => kept * value),
    predictions.map(({ denoised }, i) => [weights[i], denoised]),
  );
  return noise ? addNoise(there, noise, 1) : there;
}

/**
 * ∫ rate · e^(rate · u) · Lₖ(u) du over −h…0 for Lagrange's polynomials over the nodes: by the moments of the exponential, by parts, and Vandermonde's
 * matrix.
 *
 * @param nodes in λ, from the end of the step
 */
function adamsWeights(nodes: readonly number[], h: number, rate: number): number[] {
  const faded = Math.exp(-rate * h);
  const moments: number[] = [];
  for (let power = 0; power < nodes.length; power++) {
    const ends = (power === 0 ? 1 : 0) - (-h) ** power * faded;
    moments.push(power === 0 ? ends : ends - (power / rate) * moments[power - 1]);
  }
  return solveLinear(
    nodes.map((_, power) => nodes.map((node) => node ** power)),
    moments,
  );
}
