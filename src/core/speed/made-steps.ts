/** Which steps of a run ask the model. */
import type { SpeedEntry } from './table';

/** Below it a picture has nothing to be forecast from. */
export const LEAST_STEPS = 6;

/**
 * At most `share` of them: some at the start, some at the end, the rest evenly between.
 *
 * @param steps  of the run
 * @returns their indices, from 0; undefined where all are made
 */
export function madeSteps(steps: number, { share, first, last }: SpeedEntry): ReadonlySet<number> | undefined {
  if (share >= 1 || steps < LEAST_STEPS) return undefined;
  const count = Math.max(2, Math.floor(share * steps));
  const head = Math.max(1, Math.min(first, Math.floor(count / 3)));
  const tail = count < 9 ? 1 : last;
  const between = count - head - tail;
  const [from, to] = [head - 1, steps - tail];
  const made = [...Array(head).keys()];
  for (let i = 1; i <= between; i++) made.push(Math.round(from + (i * (to - from)) / (between + 1)));
  for (let i = steps - tail; i < steps; i++) made.push(i);
  return new Set(made);
}
