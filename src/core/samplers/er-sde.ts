/** ER-SDE-Solver-3: an SDE with a noise scale of its own, third order by differences of predictions; one model call a step. */
import { addNoise, addTerms, blend, type Term } from './arithmetic';
import { chosen, OWN_NOISE, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** Points of the rectangle rule by which the authors integrate 1/φ. */
const POINTS = 200;

interface Past {
  sigma: number;
  denoised: Latent;
  /** Their first difference quotient over σ, where there is one. */
  slope: Latent | undefined;
}

/** @see Cui et al. 2023, arXiv:2309.06169; ComfyUI comfy/k_diffusion/sampling.py sample_er_sde */
export async function sampleErSde(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { sNoise } = chosen(OWN_NOISE, options);
  let x = run.x;
  const past: Past[] = [];
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) return denoised;
    const now: Past = { sigma, denoised, slope: slopeOf(denoised, sigma, past[0]) };
    const kept = noiseScale(sigmaNext) / noiseScale(sigma);
    x = addTerms(blend(x, kept, denoised, 1 - kept), higher(now, past, sigmaNext));
    const variance = Math.max(0, sigmaNext ** 2 - (sigma * kept) ** 2);
    if (sNoise > 0) x = addNoise(x, run.noise(), sNoise * Math.sqrt(variance));
    past.unshift(now);
    past.length = Math.min(past.length, 2);
  }
  return x;
}

/** φ of the paper: the one that it recommends. */
const noiseScale = (sigma: number): number => sigma * (Math.exp(sigma ** 0.3) + 10);

function slopeOf(denoised: Latent, sigma: number, before: Past | undefined): Latent | undefined {
  if (!before) return undefined;
  return denoised.map((value, i) => (value - before.denoised[i]) / (sigma - before.sigma));
}

/** Terms of the first and second derivative, as far as there are earlier predictions. */
function higher({ sigma, slope }: Past, [before, first]: readonly Past[], sigmaNext: number): Term[] {
  if (!slope || !before) return [];
  const way = sigmaNext - sigma;
  const { whole, moment } = integrals(sigma, sigmaNext);
  const terms: Term[] = [[way + whole * noiseScale(sigmaNext), slope]];
  const { slope: slopeBefore } = before;
  if (!slopeBefore || !first) return terms;
  const bend = slope.map((value, i) => (value - slopeBefore[i]) / ((sigma - first.sigma) / 2));
  return [...terms, [way ** 2 / 2 + moment * noiseScale(sigmaNext), bend]];
}

/** ∫ dλ/φ(λ) and ∫ (λ − σ) dλ/φ(λ) from the lower sigma to the higher, by the left ends of POINTS parts. */
function integrals(sigma: number, sigmaNext: number): { whole: number; moment: number } {
  const part = (sigma - sigmaNext) / POINTS;
  let [whole, moment] = [0, 0];
  for (let i = 0; i < POINTS; i++) {
    const at = sigmaNext + i * part;
    whole += part / noiseScale(at);
    moment += ((at - sigma) * part) / noiseScale(at);
  }
  return { whole, moment };
}
