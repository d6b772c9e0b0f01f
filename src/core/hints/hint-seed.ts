/** The seed of a hint, of the picture's. @see sd-webui-controlnet scripts/controlnet.py, np.random.seed((seed + 2**32) & 0xFFFFFFFF) */
import type { SeedValue } from '../recipe/seed-value';

/** The lower 32 bits: NumPy's generators take no more. */
export const hintSeed = (seed: SeedValue): number => Number(BigInt.asUintN(32, BigInt(seed)));
