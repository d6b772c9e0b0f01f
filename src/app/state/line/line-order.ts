/** The order of the jobs that wait, as it is after somebody has changed it. */
import type { Job } from './job';
import type { Forgotten } from './queue-options';

/** One place earlier (−1) or later (+1). */
export function moved(line: readonly Job[], id: number, by: 1 | -1): readonly Job[] {
  const at = line.findIndex((job) => job.id === id);
  const job = line[at];
  const other = line[at + by];
  return job && other ? line.with(at, other).with(at + by, job) : line;
}

/** As it was before some were taken out, and what has come since behind it. @param left  what waits now */
export function putBack({ before, jobs }: Pick<Forgotten, 'before' | 'jobs'>, left: readonly Job[]): Job[] {
  const there = new Map([...jobs, ...left].map((job) => [job.id, job]));
  const order = new Set([...before.map(({ id }) => id), ...there.keys()]);
  return [...order].flatMap((id) => there.get(id) ?? []);
}

export const allHeld = (line: readonly Job[]): Job[] => line.map((job) => ({ ...job, isHeld: true }));

/** What was taken out, with one more picture done of the request whose rest it holds. @param job  that request, counted on */
export function countedOn(forgotten: Forgotten | undefined, job: Job): Forgotten | undefined {
  const { current } = forgotten ?? {};
  if (!forgotten || current?.id !== job.id) return forgotten;
  return { ...forgotten, current: { ...job, count: current.count } };
}
