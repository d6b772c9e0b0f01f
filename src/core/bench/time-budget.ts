/** Decides what still fits into the time there is, from what was measured so far. */

export interface Cost {
  /** Bytes of the weights to be made and loaded. */
  loadBytes: number;
  /** Floating-point operations of one call, for each size. */
  flops: readonly number[];
}

/** Until something was measured: a slow disk's or driver's pace, and a small integrated GPU. */
const FIRST_BYTES_PER_SECOND = 200e6;
const FIRST_FLOPS_PER_SECOND = 0.3e12;
/** Calls that a size takes: one that compiles, one to warm up, three to measure. */
const CALLS = 5;
/** A size that is new compiles little where another was run before; a network that is new, much. */
const FIRST_COMPILE_SECONDS = 5;

export class TimeBudget {
  readonly #now: () => number;
  readonly #end: number;
  #bytesPerSecond = FIRST_BYTES_PER_SECOND;
  #flopsPerSecond = FIRST_FLOPS_PER_SECOND;
  #compileSeconds = FIRST_COMPILE_SECONDS;

  /** @param now milliseconds */
  constructor(seconds: number, now: () => number) {
    this.#now = now;
    this.#end = now() + 1000 * seconds;
  }

  get secondsLeft(): number {
    return (this.#end - this.#now()) / 1000;
  }

  /** What a load was seen to take. */
  noteLoad(bytes: number, seconds: number): void {
    if (bytes > 1e6 && seconds > 0) this.#bytesPerSecond = bytes / seconds;
  }

  /** @param first what the first call took beyond the others */
  noteCalls(flops: number, ms: number, firstMs: number): void {
    if (ms > 0) this.#flopsPerSecond = flops / (ms / 1000);
    this.#compileSeconds = Math.max(0.5, (firstMs - ms) / 1000);
  }

  estimate({ loadBytes, flops }: Cost): number {
    const all = flops.reduce((sum, n) => sum + n, 0);
    return loadBytes / this.#bytesPerSecond + this.#compileSeconds + (CALLS * all) / this.#flopsPerSecond;
  }

  fits(cost: Cost): boolean {
    return this.estimate(cost) <= this.secondsLeft;
  }
}
