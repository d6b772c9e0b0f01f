/** NumPy's SeedSequence: many independent 32-bit seeds from one, each addressed by a key. */

const INITIAL_A = 0x43b0d7e5;
const MULTIPLIER_A = 0x931e8875;
const INITIAL_B = 0x8b51f9dd;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

export interface SeedSequenceOptions {
  /** What the sequence is made of: a whole number, not negative. */
  entropy: bigint;
  /** What tells this sequence from others of the same entropy; below 2^32 each. */
  spawnKey?: readonly number[];
  /** 32-bit words that everything is mixed into; NumPy's default is 4, torchsde uses 24. */
  poolSize: number;
}

/**
 * `SeedSequence(entropy, spawn_key=..., pool_size=...).generate_state(count)`
 *
 * @see O'Neill, "Developing a seed_seq alternative" (2015); numpy/random/bit_generator.pyx
 */
export function seedSequence({ entropy, spawnKey = [], poolSize }: SeedSequenceOptions, count: number): Uint32Array {
  const words = toWords(entropy);
  // With a key the entropy fills the pool, so that it cannot run into the key.
  if (spawnKey.length > 0) while (words.length < poolSize) words.push(0);
  const pool = mixedPool([...words, ...spawnKey], poolSize);
  let constant = INITIAL_B;
  return Uint32Array.from({ length: count }, (_, i) => {
    let value = pool[i % poolSize] ^ constant;
    constant = Math.imul(constant, MULTIPLIER_B);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  });
}

function mixedPool(words: readonly number[], poolSize: number): Uint32Array {
  let constant = INITIAL_A;
  const hash = (word: number): number => {
    let value = word ^ constant;
    constant = Math.imul(constant, MULTIPLIER_A);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  };
  const pool = Uint32Array.from({ length: poolSize }, (_, i) => hash(words[i] ?? 0));
  for (let from = 0; from < poolSize; from++)
    for (let to = 0; to < poolSize; to++) if (to !== from) pool[to] = mix(pool[to], hash(pool[from]));
  for (const word of words.slice(poolSize)) for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to], hash(word));
  return pool;
}

function mix(left: number, right: number): number {
  const value = Math.imul(MIX_LEFT, left) - Math.imul(MIX_RIGHT, right);
  return value ^ (value >>> 16);
}

/** 32-bit words, the lowest first; 0 is one word. */
function toWords(value: bigint): number[] {
  const words: number[] = [];
  for (let rest = value; rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words;
}
