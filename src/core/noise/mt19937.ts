/** The Mersenne Twister MT19937: 32 random bits at a time. */

const SIZE = 624;
const SHIFT = 397;
const MATRIX = 0x9908b0df;

/**
 * @param seed 32-bit, unsigned
 * @returns a function giving the next 32-bit output
 * @see Matsumoto and Nishimura 1998; torch aten/src/ATen/core/MT19937RNGEngine.h
 */
export function createMt19937(seed: number): () => number {
  const state = seededState(seed);
  let position = SIZE;
  return () => {
    if (position === SIZE) {
      twist(state);
      position = 0;
    }
    return temper(state[position++]);
  };
}

function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE);
  let previous = seed >>> 0;
  state[0] = previous;
  for (let j = 1; j < SIZE; j++) {
    previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + j) >>> 0;
    state[j] = previous;
  }
  return state;
}

function twist(state: Uint32Array): void {
  for (let j = 0; j < SIZE; j++) {
    const mixed = (state[j] & 0x80000000) | (state[(j + 1) % SIZE] & 0x7fffffff);
    state[j] = state[(j + SHIFT) % SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? MATRIX : 0);
  }
}

function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}
