/** The sigmas of a run: a schedule by its id, and the rule of some samplers to leave one out. */
import type { DiscreteSchedule } from './discrete';
import { SIGMAS } from './formulas';
import type { ScheduleId } from './table';
import type { ScheduleOptions } from './schedule-options';

export interface SigmaPlan {
  schedule: ScheduleId;
  steps: number;
  model: DiscreteSchedule;
  options?: ScheduleOptions;
  /** Build for one step more and leave out the sigma before the last: what A1111 and ComfyUI do for some samplers. */
  discardPenultimate?: boolean;
}

/**
 * Positive and strictly decreasing, then 0 (save with `kl_optimal`). Usually steps + 1 values; read the length.
 *
 * @throws AppError 'bad-request' for options that leave no range
 */
export function buildSigmas(plan: SigmaPlan): Float64Array {
  const { schedule, steps, model, options, discardPenultimate = false } = plan;
  const sigmas = SIGMAS[schedule];
  if (!discardPenultimate) return sigmas(steps, model, options);
  return withoutPenultimate(sigmas(steps + 1, model, options));
}

/** Leaves out the value before the last; two values are left as they are, as they are one step already. */
export function withoutPenultimate(sigmas: Float64Array): Float64Array {
  if (sigmas.length <= 2) return sigmas;
  return Float64Array.of(...sigmas.subarray(0, -2), sigmas[sigmas.length - 1]);
}
