/** DPM-Solver's steps of orders 1 to 3 in time t = −ln σ, which DPM fast and DPM adaptive are made of. */
import { ancestralSplit } from './ancestral-split';
import { addTerms, derivative } from './arithmetic';
import type { Latent, LatentRun } from './sampler';

/** A step from `time` to `end`, and the noise that the model sees in x at its start. */
export interface SolverStep {
  x: Latent;
  time: number;
  end: number;
  eps: Latent;
}

export function sigmaAt(time: number): number {
  return Math.exp(-time);
}

function timeAt(sigma: number): number {
  return -Math.log(sigma);
}

export function firstOrder(step: SolverStep): Latent {
  return addTerms(step.x, [[-sigmaAt(step.end) * Math.expm1(step.end - step.time), step.eps]]);
}

/** One model call, in the middle. @see Lu et al. 2022, arXiv:2206.00927, algorithm 1 */
export async function secondOrder(run: LatentRun, step: SolverStep): Promise<Latent> {
  const middle = await epsWithin(run, step, 1 / 2);
  return corrected(step, middle, Math.expm1(step.end - step.time));
}

/**
 * Two model calls, after one third and two thirds; `low` is the second order that the first of them would give.
 *
 * @see Lu et al. 2022, arXiv:2206.00927, algorithm 2; k-diffusion DPMSolver.dpm_solver_3_step
 */
export async function thirdOrder(run: LatentRun, step: SolverStep): Promise<{ low: Latent; high: Latent }> {
  const h = step.end - step.time;
  const first = await epsWithin(run, step, 1 / 3);
  const part = { ...step, end: step.time + (2 / 3) * h };
  const second = await epsAt(run, corrected(part, first, 2 * excess((2 / 3) * h)), part.end);
  return {
    low: corrected(step, first, (3 / 2) * Math.expm1(h)),
    high: corrected(step, second, (3 / 2) * excess(h)),
  };
}

/** (eʰ − 1)/h − 1 */
function excess(h: number): number {
  return Math.expm1(h) / h - 1;
}

/** The first order, moved by −σ_end · weight · (other − eps). */
function corrected({ x, time, end, eps }: SolverStep, other: Latent, weight: number): Latent {
  const sigma = sigmaAt(end);
  return addTerms(x, [
    [-sigma * (Math.expm1(end - time) - weight), eps],
    [-sigma * weight, other],
  ]);
}

function epsWithin(run: LatentRun, step: SolverStep, share: number): Promise<Latent> {
  const end = step.time + share * (step.end - step.time);
  return epsAt(run, firstOrder({ ...step, end }), end);
}

async function epsAt(run: LatentRun, x: Latent, time: number): Promise<Latent> {
  const sigma = sigmaAt(time);
  return derivative(x, await run.denoise(x, sigma), sigma);
}

/** The times between which the solver works: the first sigma's, and the last one's above 0. */
export function solverSpan({ sigmas, model }: LatentRun): { start: number; last: number } {
  const end = sigmas[sigmas.length - 1] > 0 ? sigmas.length - 1 : sigmas.length - 2;
  return { start: timeAt(sigmas[0]), last: timeAt(end > 0 ? sigmas[end] : Math.min(model.sigmaMin, sigmas[0])) };
}

/** Where an ancestral step from `time` to `next` really ends, never beyond `last`, and the noise to add there. */
export function solverSplit(time: number, next: number, last: number, eta: number): { end: number; sigmaUp: number } {
  const { sigmaDown } = ancestralSplit(sigmaAt(time), sigmaAt(next), eta);
  const end = eta === 0 ? next : Math.min(last, timeAt(sigmaDown));
  return { end, sigmaUp: Math.sqrt(Math.max(0, sigmaAt(next) ** 2 - sigmaAt(end) ** 2)) };
}
