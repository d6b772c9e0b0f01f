/** Seconds left, counted down between the engine's reports. */

const TICK_MS = 500;

export class Countdown {
  readonly #reported: () => number | undefined;
  readonly #step: () => number;
  readonly #now: () => number;
  #reportedAt = 0;
  #elapsed = $state(0);

  /** Seconds that are left, never below 0; undefined where the engine has not said. */
  readonly secondsLeft = $derived.by(() => {
    const reported = this.#reported();
    return reported === undefined ? undefined : Math.max(0, reported - this.#elapsed);
  });

  /**
   * @param reported seconds left at the last step
   * @param step changes with every report
   */
  constructor(reported: () => number | undefined, step: () => number, now: () => number = () => performance.now()) {
    this.#reported = reported;
    this.#step = step;
    this.#now = now;
  }

  /** Counts down, for an effect: begins anew with every step; returns what stops it. */
  run(): () => void {
    this.#step();
    this.#reported();
    this.#reportedAt = this.#now();
    this.#elapsed = 0;
    const timer = setInterval(() => (this.#elapsed = (this.#now() - this.#reportedAt) / 1000), TICK_MS);
    return () => clearInterval(timer);
  }
}
