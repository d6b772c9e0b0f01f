/** What a sigma schedule is to the rest. */
import type { DiscreteSchedule } from './discrete';

export interface ScheduleEntry {
  /** A1111's "Schedule type". */
  label: string;
  /**
   * @param steps whole number, at least 1
   * @returns strictly decreasing, steps + 1 values, the last is 0
   */
  sigmas(steps: number, model: DiscreteSchedule): Float64Array;
}

/** Appends the 0 at which a picture is clean. */
export function endingInZero(sigmas: Float64Array): Float64Array {
  const withZero = new Float64Array(sigmas.length + 1);
  withZero.set(sigmas);
  return withZero;
}
