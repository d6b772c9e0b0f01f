/** The app's side of the seed: −1 asks for a random one, drawn here once so that the request is a full recipe. */
import { FIELDS } from '../../../core/recipe/fields';
import { fieldProblem } from '../../../core/recipe/problems';

export const RANDOM_SEED = -1;

/** Whole numbers below 2^32, as A1111 draws them. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** One sentence, or undefined where the field holds a seed or −1. */
export function seedProblem(value: unknown): string | undefined {
  if (value === RANDOM_SEED) return undefined;
  const problem = fieldProblem('seed', value);
  return problem && `Seed must be a whole number from 0 to ${FIELDS.seed.max}, or -1 for a random one.`;
}
