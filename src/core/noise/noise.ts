/** What a noise generator is to the rest: a seeded source of normal draws. */

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
  /** A1111's word, written to metadata as `RNG`. */
  label: string;
  /**
   * @param seed whole number; taken modulo 2^64, as torch does with a negative one
   * @throws AppError 'bad-request' when the seed is not a whole number
   */
  create(seed: number | bigint): NoiseSource;
}
