/** The clock of the benchmark: a call that compiles, then calls until they agree well enough. */

export interface CallTimes {
  /** The first call, which compiles shaders and makes buffers. */
  firstMs: number;
  /** The median of the others; of the first where there was no time for another. */
  ms: number;
  /** How many calls the median is taken of. */
  runs: number;
}

export interface TimeCallsOptions {
  /** Milliseconds from any fixed origin. */
  now(): number;
  /** Awaited before every call; may throw 'cancelled'. */
  beforeCall?(): Promise<void>;
  /** Measured calls end when this time has passed. */
  enoughMs?: number;
  maxRuns?: number;
  /** A first call that took longer is not followed by one to warm up, and by a single one to measure. */
  longMs?: number;
}

const MIN_RUNS = 3;

export async function timeCalls(call: () => Promise<unknown>, o: TimeCallsOptions): Promise<CallTimes> {
  const { now, beforeCall, enoughMs = 2000, maxRuns = 20, longMs = 20_000 } = o;
  const timed = async (): Promise<number> => {
    await beforeCall?.();
    const start = now();
    await call();
    return now() - start;
  };
  const firstMs = await timed();
  const warmMs = firstMs > longMs ? firstMs : await timed();
  const isLong = warmMs > longMs;
  const times: number[] = [];
  const start = now();
  while (times.length < (isLong ? 1 : MIN_RUNS) || (!isLong && times.length < maxRuns && now() - start < enoughMs))
    times.push(await timed());
  return { firstMs, ms: median(times), runs: times.length };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
