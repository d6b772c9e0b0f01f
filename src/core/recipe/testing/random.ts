/** Dice for tests: the same throws every time. @see Mulberry32, by Tommy Ettinger */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number of 0 … 1, without 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 up to `count`, without it. */
  below(count: number): number {
    return Math.floor(this.roll() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  chance(share: number): boolean {
    return this.roll() < share;
  }

  /** So many of the items, one after the other. */
  text(items: readonly string[], most: number): string {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(items)).join('');
  }
}
