/** Speed and time left, from how many bytes were there when. */

const WINDOW_MS = 6000;

export class ProgressMeter {
  readonly #now: () => number;
  #samples: { at: number; bytes: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns nothing known in the first second */
  measure(bytes: number, total: number): { bytesPerSecond?: number; secondsLeft?: number } {
    const at = this.#now();
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = []; // begun anew
    if (!last || at - last.at >= 100) this.#samples.push({ at, bytes });
    this.#samples = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
    const first = this.#samples[0];
    if (!first || at - first.at < 1000) return {};
    const bytesPerSecond = ((bytes - first.bytes) / (at - first.at)) * 1000;
    if (bytesPerSecond <= 0) return { bytesPerSecond: 0 };
    return { bytesPerSecond, secondsLeft: (total - bytes) / bytesPerSecond };
  }
}
