/** How long the rest will take, from the steps so far. */

export class StepClock {
  readonly #startedAt: number;
  #first: { done: number; at: number } | undefined;

  /** @param steps  undefined where nobody knows how many there will be */
  constructor(
    readonly steps: number | undefined,
    readonly now: () => number,
  ) {
    this.#startedAt = now();
  }

  /**
   * @param done  steps done, at least 1
   * @returns seconds for the steps that remain; from the second seen on without the first, which compiles shaders. The first
   *   seen is a later one where a picture goes on.
   */
  secondsLeft(done: number): number | undefined {
    const now = this.now();
    if (this.steps === undefined) return undefined;
    const rest = Math.max(0, this.steps - done);
    if (!this.#first || done <= this.#first.done) {
      this.#first = { done, at: now };
      return ((now - this.#startedAt) / 1000) * rest;
    }
    return ((now - this.#first.at) / 1000 / (done - this.#first.done)) * rest;
  }
}
