/** Seeds as the generators take them: unsigned 64-bit. */
import { AppError } from '../errors';

/** @throws AppError 'bad-request' when the seed is not a whole number that a double holds exactly */
export function toSeed64(seed: number | bigint): bigint {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed))
    throw new AppError(
      'bad-request',
      `Seed must be a whole number of at most ${Number.MAX_SAFE_INTEGER}, not ${seed}.`,
    );
  return BigInt.asUintN(64, BigInt(seed));
}
