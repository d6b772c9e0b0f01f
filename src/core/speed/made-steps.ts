/** Which steps of a run ask the model. */
import { SWINGS_BELOW, type SpeedEntry } from './table';

/** Least steps: with fewer, forecasts lose to fewer steps: 24.7 dB against 26.8 with 4 of 8 on the starter, 42.9 against 36.3 with 11 of 20. */
export const LEAST_STEPS = 12;

/**
 * At most `share` of them: the first, the `last`, and the rest evenly between.
 *
 * @param steps  of the run
 * @returns their indices, from 0; undefined where all are made
 */
export function madeSteps(
  steps: number,
  { share, last, givesWay = false }: Omit<SpeedEntry, 'label'>,
): ReadonlySet<number> | undefined {
  if (share >= 1 || steps < LEAST_STEPS) return undefined;
  const spread = Math.floor(share * steps) - last;
  const end = steps - last;
  const whole = givesWay && steps < SWINGS_BELOW ? Math.floor : Math.round;
  const made = Array.from({ length: spread + 1 }, (_, i) => whole((i * end) / spread));
  return new Set([...made, ...Array.from({ length: last }, (_, i) => end + i)]);
}
