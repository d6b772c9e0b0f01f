/** Says the newest of what comes quickly, and not more often than so. */

export class Paced<Words> {
  readonly #say: (words: Words) => void;
  readonly #restMs: number;
  #next: { words: Words } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (words: Words) => void, restMs: number) {
    this.#say = say;
    this.#restMs = restMs;
  }

  /** Says it at once after a rest, else when the rest is over. */
  say(words: Words): void {
    this.#next = { words };
    if (this.#timer === undefined) this.#go();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #go(): void {
    const next = this.#next;
    this.#next = undefined;
    this.#timer = next && setTimeout(() => this.#go(), this.#restMs);
    if (next) this.#say(next.words);
  }
}
