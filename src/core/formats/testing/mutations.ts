/** Damages files on purpose, the same way each time a seed is given. */
import { concat } from '../../bytes/concat';

/** @see mulberry32, public domain: 32 bits, good enough to break files with */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number of 0 … n − 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }
}

/** Flips, cuts, doubles, moves and overwrites a few stretches of bytes. */
export function mutated(bytes: Uint8Array, chance: Chance, pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let out: Uint8Array<ArrayBuffer> = Uint8Array.from(bytes);
  for (let i = 1 + chance.below(3); i > 0; i--) out = MUTATIONS[chance.below(MUTATIONS.length)](out, chance, pieces);
  return out;
}

type Mutation = (
  bytes: Uint8Array<ArrayBuffer>,
  chance: Chance,
  pieces: readonly Uint8Array[],
) => Uint8Array<ArrayBuffer>;

const MUTATIONS: readonly Mutation[] = [
  (bytes, chance) => {
    if (bytes.length > 0) bytes[chance.below(bytes.length)] ^= 1 << chance.below(8);
    return bytes;
  },
  (bytes, chance) => {
    if (bytes.length > 0)
      bytes[chance.below(bytes.length)] = chance.of([0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x22, 0x7b, 0x2d, 0x39]);
    return bytes;
  },
  (bytes, chance) => bytes.slice(0, chance.below(bytes.length + 1)),
  (bytes, chance) => {
    const [start, end] = range(bytes, chance);
    return concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  (bytes, chance) => {
    const [start, end] = range(bytes, chance);
    return concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  (bytes, chance, pieces) => {
    const [start, end] = range(bytes, chance);
    return concat([bytes.subarray(0, start), chance.of(pieces), bytes.subarray(chance.below(2) === 0 ? start : end)]);
  },
];

function range(bytes: Uint8Array, chance: Chance): [start: number, end: number] {
  const start = chance.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + chance.below(24))];
}
