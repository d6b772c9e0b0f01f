/** Seeds as recipes and requests hold them: 64 bits, in a form that JSON and links keep. */

/** A number where a double holds it exactly, else its decimal digits. */
export type SeedValue = number | string;

const LIMIT = 2n ** 64n;

/** Undefined where it has more than 64 bits. */
export function toSeedValue(seed: bigint): SeedValue | undefined {
  if (seed >= LIMIT || seed < -LIMIT / 2n) return undefined;
  const number = Number(seed);
  return Number.isSafeInteger(number) ? number : String(seed);
}

/** Digits of 2^53 … 2^64 − 1. */
export function isLongSeed(value: unknown): value is string {
  return typeof value === 'string' && /^[1-9]\d{15,19}$/.test(value) && toSeedValue(BigInt(value)) === value;
}

/** Counts seeds on as torch does: after 2^64 − 1 comes 0. */
export function addToSeed(seed: SeedValue, count: number): SeedValue {
  return toSeedValue(BigInt.asUintN(64, BigInt(seed) + BigInt(count))) ?? 0;
}
