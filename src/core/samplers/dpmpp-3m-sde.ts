/** DPM-Solver++(3M) SDE: third order, multistep, one model call a step, noise from a Brownian path. */
import { addTerms, blend, type Term } from './arithmetic';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';
import { addSdeNoise } from './sde-noise';

interface Past {
  denoised: Latent;
  /** Length in ln σ of the step that began there. */
  h: number;
}

/** @see k-diffusion sample_dpmpp_3m_sde */
export async function sampleDpmpp3mSde(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  let x = run.x;
  let past: Past[] = [];
  for (let index = 0; index + 1 < run.sigmas.length; index++) {
    const sigma = run.sigmas[index];
    const sigmaNext = run.sigmas[index + 1];
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    if (sigmaNext === 0) return denoised;
    const h = Math.log(sigma / sigmaNext);
    const decay = (1 + eta) * h;
    x = blend(x, Math.exp(-decay), denoised, -Math.expm1(-decay));
    x = addTerms(x, corrections({ denoised, h }, past, decay));
    x = addSdeNoise(run, x, { sigma, sigmaNext, eta, sNoise });
    past = [{ denoised, h }, ...past].slice(0, 2);
  }
  return x;
}

/** Weights of the predictions, newest first, for their first and second differences. */
function corrections(now: Past, past: readonly Past[], decay: number): Term[] {
  if (past.length === 0) return [];
  const phi2 = Math.expm1(-decay) / decay + 1;
  const [last, before] = past;
  const r0 = last.h / now.h;
  if (past.length === 1) return difference(now, last, phi2 / r0);
  const r1 = before.h / now.h;
  const phi3 = phi2 / decay - 0.5;
  const newer = phi2 + (phi2 * r0 - phi3) / (r0 + r1);
  const older = (phi3 - phi2 * r0) / (r0 + r1);
  return [...difference(now, last, newer / r0), ...difference(last, before, older / r1)];
}

function difference(newer: Past, older: Past, weight: number): Term[] {
  return [
    [weight, newer.denoised],
    [-weight, older.denoised],
  ];
}
