/** Tells when nothing has been heard of the engine for long, and when a cancel takes long. It ends nothing by itself. */

/** Slow machines take longer than that for one step: it is said, no more. */
export const SILENT_AFTER_SECONDS = 60;
/** A step of most machines is over by then. */
const CANCEL_SECONDS = 3;
const TICK_MS = 1000;

export interface WatchdogParts {
  /** When something was last heard: milliseconds since the page was opened. */
  lastSignAt: () => number;
  /** When the picture under way was to be ended. */
  cancelAskedAt: () => number | undefined;
}

export class Watchdog {
  readonly #parts: WatchdogParts;
  #now = $state(performance.now());

  readonly silentSeconds = $derived.by(() => this.#secondsSince(this.#parts.lastSignAt()));
  readonly isSilent = $derived.by(() => this.silentSeconds >= SILENT_AFTER_SECONDS);
  /** How long a cancel has not been followed. */
  readonly cancelSeconds = $derived.by(() => this.#secondsSince(this.#parts.cancelAskedAt()));
  /** Ending the engine is offered. */
  readonly offersStop = $derived.by(() => this.isSilent || this.cancelSeconds >= CANCEL_SECONDS);

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
  }

  /** Watches; an effect calls it while something is under way. @returns what ends it */
  run(): () => void {
    this.#now = performance.now();
    const timer = setInterval(() => (this.#now = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }

  #secondsSince(at: number | undefined): number {
    return at === undefined ? 0 : Math.max(0, Math.floor((this.#now - at) / 1000));
  }
}
