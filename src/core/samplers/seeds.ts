/** SEEDS-2 and -3: exponential SDE solvers in stages, each with fresh noise; exponential Heun is SEEDS-2 by the end of the step. */
import { addNoise, addTerms } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** @see Gonzalez et al. 2023, arXiv:2305.14267; ComfyUI comfy/k_diffusion/sampling.py sample_seeds_2 with r = ½, φ₁ */
export function sampleSeeds2(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, chosen(ANCESTRAL, options), async (step) => {
    const middle = await step.reach(0.5, [[1, step.first]]);
    return step.end([[1, middle]]);
  });
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_seeds_3 with r = ⅓ and ⅔ */
export function sampleSeeds3(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, chosen(ANCESTRAL, options), async (step) => {
    const [r1, r2] = [1 / 3, 2 / 3];
    const second = await step.reach(r1, [[1, step.first]]);
    const share = (r2 / r1) * step.phi2(r2);
    const third = await step.reach(r2, [
      [1 - share, step.first],
      [share, second],
    ]);
    const last = step.phi2(1) / r2;
    return step.end([
      [1 - last, step.first],
      [last, third],
    ]);
  });
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_exp_heun_2_x0: r = 1, φ₂ */
export function sampleExpHeun(run: LatentRun): Promise<Latent> {
  return sampleExpHeunSde(run, { eta: 0 });
}

/** @see ComfyUI comfy/k_diffusion/sampling.py sample_exp_heun_2_x0_sde */
export function sampleExpHeunSde(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  return walk(run, chosen(ANCESTRAL, options), async (step) => {
    const end = await step.reach(1, [[1, step.first]]);
    const share = step.phi2(1);
    return step.end([
      [1 - share, step.first],
      [share, end],
    ]);
  });
}

/** Predictions with their shares, which add up to 1. */
type Mean = readonly (readonly [share: number, prediction: Latent])[];

/** A step from its start: all is measured from there, in shares r of its length h in λ = −ln σ. */
interface Step {
  /** The prediction at its start. */
  first: Latent;
  /** φ₂ over φ₁ of r of the step, which η makes 1 + η times as long: the share of a prediction at its end. */
  phi2(r: number): number;
  /** Goes to r of the step along a mean of predictions, with the noise of the way, and asks the model there. */
  reach(r: number, mean: Mean): Promise<Latent>;
  /** Goes to the end of the step. */
  end(mean: Mean): Latent;
}

async function walk(
  run: LatentRun,
  { eta, sNoise }: { eta: number; sNoise: number },
  take: (step: Step) => Promise<Latent>,
): Promise<Latent> {
  let x = run.x;
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) return denoised;
    x = await take(stepFrom(run, { x, first: denoised, sigma, sigmaNext, eta, sNoise }));
  }
  return x;
}

interface From {
  x: Latent;
  first: Latent;
  sigma: number;
  sigmaNext: number;
  eta: number;
  sNoise: number;
}

function stepFrom(run: LatentRun, { x, first, sigma, sigmaNext, eta, sNoise }: From): Step {
  const h = Math.log(sigma / sigmaNext);
  const isNoisy = eta > 0 && sNoise > 0;
  /** Noise of unit variance per (1 − e^(−2ηh)): it grows by each part of the way, and what was there fades. */
  let noise: Latent | undefined;
  let reached = 0;

  const goTo = (r: number, mean: Mean): Latent => {
    const there = sigma * (sigmaNext / sigma) ** r;
    const faded = Math.exp(-r * h * eta);
    const taken = -Math.expm1(-r * h * (1 + eta));
    const kept = (there / sigma) * faded;
    const moved = addTerms(
      x.map((value) => kept * value),
      mean.map(([share, prediction]) => [taken * share, prediction]),
    );
    // Drawn also for a way of length 0, as ComfyUI does: exponential Heun's model call stands at the end already.
    if (isNoisy) {
      const part = (r - reached) * h * eta;
      const amount = Math.sqrt(-Math.expm1(-2 * part));
      const drawn = run.noise();
      const old = noise;
      noise = drawn.map((value, i) => amount * value + (old ? Math.exp(-part) * old[i] : 0));
    }
    reached = r;
    return noise ? addNoise(moved, noise, there * sNoise) : moved;
  };

  return {
    first,
    phi2: (r) => {
      const way = r * h * (1 + eta);
      const whole = -Math.expm1(-way);
      return (way - whole) / way / whole;
    },
    reach: (r, mean) => run.denoise(goTo(r, mean), sigma * (sigmaNext / sigma) ** r),
    end: (mean) => goTo(1, mean),
  };
}
