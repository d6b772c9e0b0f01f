/** What a sigma schedule is to the rest. */
import type { DiscreteSchedule } from './discrete';
import type { ScheduleOptions } from './schedule-options';

export interface ScheduleEntry {
  /** A1111's or Forge's "Schedule type", as infotexts have it; of ComfyUI's own, a name that says so. */
  label: string;
  /** Other spellings in infotexts. */
  aliases: readonly string[];
  /** ComfyUI's `scheduler`, where that program has this very schedule. */
  comfyName?: string;
  /** What can change it besides the model and the number of steps. It ignores the rest of ScheduleOptions. */
  options: readonly (keyof ScheduleOptions)[];
}

/**
 * The sigmas of a run. Most give steps + 1 values; some give more or fewer (`ddim`, `beta_comfy`, `sd_turbo`): read
 * the length. A run makes one step less than it has sigmas.
 *
 * @param steps whole number, at least 1
 * @returns positive and strictly decreasing, then 0; `kl_optimal` alone ends above 0
 * @throws AppError 'bad-request' for options that leave no range
 */
export type Sigmas = (steps: number, model: DiscreteSchedule, options?: ScheduleOptions) => Float64Array;

/** Keeps what falls and appends the 0 at which a picture is clean. */
export function endingInZero(sigmas: ArrayLike<number>): Float64Array {
  return Float64Array.from([...falling(sigmas), 0]);
}

/** Leaves out what is not below the value before it: samplers divide by the difference. */
export function falling(sigmas: ArrayLike<number>): Float64Array {
  return Float64Array.from(sigmas).filter((sigma, i) => i === 0 || sigma < sigmas[i - 1]);
}
