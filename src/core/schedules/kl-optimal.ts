/** KL Optimal: sigmas evenly spaced in arctan σ. A1111's and ComfyUI's differ in where they end. */
import { linspace } from '../math';
import type { DiscreteSchedule } from './discrete';
import { endingInZero, falling } from './schedule';
import { sigmaRange, type ScheduleOptions } from './schedule-options';

/**
 * The one schedule without a final 0: steps + 1 sigmas, of which the last is sigmaMin.
 *
 * @see Sabour et al. 2024, "Align Your Steps", arXiv:2404.14507, appendix A.1; A1111 modules/sd_schedulers.py kl_optimal
 */
export function klOptimalSigmas(steps: number, model: DiscreteSchedule, options: ScheduleOptions = {}): Float64Array {
  return falling(evenInAngle(steps + 1, model, options));
}

/** Ends at sigmaMin one step earlier, then 0. @see ComfyUI comfy/samplers.py kl_optimal_scheduler */
export function klOptimalComfySigmas(
  steps: number,
  model: DiscreteSchedule,
  options: ScheduleOptions = {},
): Float64Array {
  return endingInZero(evenInAngle(steps, model, options));
}

function evenInAngle(count: number, model: DiscreteSchedule, options: ScheduleOptions): Float64Array {
  const { sigmaMin, sigmaMax } = sigmaRange(model, options);
  return linspace(Math.atan(sigmaMax), Math.atan(sigmaMin), count).map(Math.tan);
}
