/** Beta: sigmas at the quantiles of a Beta(0.6, 0.6) distribution, dense at both ends. A1111's and ComfyUI's differ. */
import { betaQuantile, linspace, roundHalfEven } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';
import { betaShape, sigmaRange, type ScheduleOptions } from './schedule-options';

/** The quantiles lie in sigma. @see Lee et al. 2024, arXiv:2407.12173; A1111 modules/sd_schedulers.py beta_scheduler */
export function betaSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  const { alpha, beta } = betaShape(options);
  const parts = linspace(1, 0, steps).map((p) => betaQuantile(p, alpha, beta));
  return endingInZero(parts.map((part) => sigmaMin + part * (sigmaMax - sigmaMin)));
}

/**
 * The quantiles lie in the timestep, rounded; equal neighbours are one, so that many steps may come to a few less.
 *
 * @see ComfyUI comfy/samplers.py beta_scheduler
 */
export function betaComfySigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  const { alpha, beta } = betaShape(options);
  const last = model.sigmas.length - 1;
  const parts = linspace(1, 0, steps + 1).subarray(0, steps);
  return endingInZero(parts.map((p) => model.sigmas[roundHalfEven(betaQuantile(p, alpha, beta) * last)]));
}
