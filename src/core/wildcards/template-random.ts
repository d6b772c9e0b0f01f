/** Numbers for drawing texts: the seed of the picture alone decides them. */
import type { SeedValue } from '../recipe/seed-value';

/**
 * sfc32 with FNV-1a of the seed's digits as its state: 0 ≤ x < 1. The noise of the picture comes from another generator.
 *
 * @param stream  parts negative prompts from prompts
 * @see pracrand.sourceforge.net, sfc32 (public domain)
 */
export function templateRandom(seed: SeedValue, stream: string): () => number {
  const state = Uint32Array.from([0, 1, 2, 3], (word) => hash(`${word}:${stream}:${seed}`));
  const next = (): number => {
    const sum = (state[0] + state[1] + state[3]) >>> 0;
    state[3] += 1;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = state[2] + (state[2] << 3);
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next(); // until the words have mixed
  return next;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
