/** What a noise generator is to the rest: a seeded source of normal draws. */

/** A whole number, taken modulo 2^64; beyond 2^53 as a bigint. */
export type Seed = number | bigint;

export interface NoiseSource {
  /**
   * The next draw: what the k-th `torch.randn(shape)` of one generator gives. Draws of one source do not overlap.
   *
   * @param count elements, C × H × W of the latent
   * @returns float32 values of N(0, 1), row-major [C, H, W]
   */
  next(count: number): Float32Array;
}

export interface NoiseEntry {
  label: string;
  /** A1111's word, written to metadata as `RNG`; the first with a word is what A1111 means by it. */
  rng: 'NV' | 'CPU';
  /**
   * What image i of a batch gets: a generator of its own, seeded with seed + i, whatever the size of the batch; or its part
   * of draws that cover the whole batch, [size, C, H, W].
   */
  batch: 'own-seeds' | 'one-stream';
}

export interface NoiseMaker {
  /**
   * The first draw starts a run, later ones are noise added on the way.
   *
   * @param seed whole number; taken modulo 2^64, as torch does with a negative one
   * @throws AppError 'bad-request' when the seed is not a whole number
   */
  create(seed: Seed): NoiseSource;
  /** The generator that Brownian trees take their normal numbers from. */
  createForTree(seed: Seed): NoiseSource;
}

/** Where an image stands in its batch; alone: { index: 0, size: 1 }. */
export interface BatchPlace {
  index: number;
  size: number;
}

export const ALONE: BatchPlace = { index: 0, size: 1 };
