/** NVIDIA noise: Philox 4x32-10 with Box-Muller, as `torch.randn` on CUDA and A1111's "NV" random source. */
import type { NoiseSource } from './noise';
import { toSeed64 } from './seed';

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** Weyl increments of the key: golden ratio and √3 − 1, in 32 bits. */
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;

/** 2^−32 and 2^−32 · 2π as A1111 writes them: float32 products of rounded decimals. */
const TO_UNIT = Math.fround(2.3283064e-10);
const TO_ANGLE = Math.fround(Math.fround(2.3283064e-10) * Math.fround(6.2831855));

/**
 * Element i of draw k is a function of (seed, k, i) alone. A real card matches up to as many elements as it runs threads
 * (125 952 on an RTX 3090, over 65 536 on every card in use): more than a 1024 × 1024 px latent has.
 *
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; A1111 modules/rng_philox.py (float64 inside)
 */
export function createPhiloxNoise(seed: number | bigint): NoiseSource {
  const seed64 = toSeed64(seed);
  const keyLow = Number(seed64 & 0xffffffffn);
  const keyHigh = Number(seed64 >> 32n);
  let draw = 0;
  return {
    next(count) {
      const values = new Float32Array(count);
      const words = new Uint32Array(4);
      for (let i = 0; i < count; i++) {
        words[0] = draw;
        words[1] = 0;
        words[2] = i;
        words[3] = 0;
        philox(words, keyLow, keyHigh);
        values[i] = boxMuller(words[0], words[1]);
      }
      draw++;
      return values;
    },
  };
}

/** Encrypts the four counter words in place. */
export function philox(words: Uint32Array, keyLow: number, keyHigh: number): void {
  // Signed 32-bit values: unsigned ones above 2^31 would be floating point.
  let c0 = words[0] | 0;
  let c1 = words[1] | 0;
  let c2 = words[2] | 0;
  let c3 = words[3] | 0;
  let k0 = keyLow | 0;
  let k1 = keyHigh | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + KEY_STEP_0) | 0;
    k1 = (k1 + KEY_STEP_1) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** Upper 32 bits of a 32 × 32-bit product, by halves; in whole-number operations only, which engines compile well. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const low = Math.imul(aLow, bLow);
  const crossA = Math.imul(aHigh, bLow);
  const crossB = Math.imul(aLow, bHigh);
  const middle = (low >>> 16) + (crossA & 0xffff) + (crossB & 0xffff);
  return (Math.imul(aHigh, bHigh) + (crossA >>> 16) + (crossB >>> 16) + (middle >>> 16)) | 0;
}

function boxMuller(first: number, second: number): number {
  const u = first * TO_UNIT + TO_UNIT / 2;
  const angle = second * TO_ANGLE + TO_ANGLE / 2;
  return Math.sqrt(-2 * Math.log(u)) * Math.sin(angle);
}
