/** Numbers to test weights with. */
import { createPhiloxNoise } from '../../noise/philox';

/** Standard normal values; another seed, other values. */
export const gaussian = (count: number, seed: number): Float32Array<ArrayBuffer> =>
  new Float32Array(createPhiloxNoise(seed).next(count));

/** ‖actual − expected‖₂ / ‖expected‖₂ */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new RangeError(`${actual.length} values, expected ${expected.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
