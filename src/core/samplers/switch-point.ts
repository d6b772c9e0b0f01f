/** Where in a run another model takes over: a share of the way, by the model's timesteps or by its calls. @see A1111 modules/sd_samplers_common.py, apply_refiner */
import type { DiscreteSchedule } from '../schedules';

export interface SwitchRule {
  /** 0…1 */
  at: number;
  /** The share is one of the calls that the sampler's steps stand for. */
  byCalls: boolean;
}

interface SwitchRun {
  /** The model's as the sampler sees it. */
  schedule: Pick<DiscreteSchedule, 'sigmas' | 'sigmaToT'>;
  /** Calls that its steps stand for: as prompt editing counts them. */
  calls: number;
  /** The sampler's levels are timesteps, as A1111's DDIM has them. */
  isOfTimesteps: boolean;
}

/** The last of the 1000 timesteps that A1111 reckons with, whatever the model has. */
const LAST = 999;

/** Timesteps that are worked out of sigmas are a little off. */
const ROUNDING = 1e-4;

/** @param call  how many came before @returns how much of the way is done, as A1111 reckons it */
export function completedShare(call: number, sigma: number, run: SwitchRun & Pick<SwitchRule, 'byCalls'>): number {
  if (run.byCalls) return call / run.calls;
  return (LAST - timestepOf(sigma, run)) / (LAST + 1);
}

/** Whether a call is for the other model; once it was, all later ones are. Calls are to be asked about in their order. */
export function createSwitch({ at, byCalls }: SwitchRule, run: SwitchRun): (call: number, sigma: number) => boolean {
  let isPast = false;
  return (call, sigma) => {
    isPast ||= completedShare(call, sigma, { ...run, byCalls }) >= at;
    return isPast;
  };
}

function timestepOf(sigma: number, { schedule: { sigmas, sigmaToT }, isOfTimesteps }: SwitchRun): number {
  if (isOfTimesteps) return Math.floor(sigmaToT(sigma) + ROUNDING);
  let nearest = 0;
  sigmas.forEach((one, t) => {
    if (Math.abs(one - sigma) < Math.abs(sigmas[nearest] - sigma)) nearest = t;
  });
  return nearest;
}
