/** The noise of one picture of a batch: its start, and the draws that samplers add on the way. */
import { AppError } from '../errors';
import { ALONE, type BatchPlace, type NoiseSource, type Seed } from './noise';
import { pasteNoise } from './paste-noise';
import { toSeed64 } from './seed';
import { slerp, type NoiseShape } from './slerp';
import { NOISE_SOURCES } from './sources';
import { NOISES, type NoiseId } from './table';

export interface ImageNoiseOptions {
  kind: NoiseId;
  /** Seed of the batch's first image. */
  seed: Seed;
  /** [channels, height, width] of the latent. */
  shape: NoiseShape;
  batch?: BatchPlace;
  /**
   * A1111's variation: the start moves from the seed's noise towards another seed's. With a strength other than 0 all
   * images of a batch share `seed` and differ in the variation's seed alone.
   */
  variation?: { seed: Seed; strength: number };
  /** A1111's "Seed resize from", in latent cells: the start is noise of that size in the middle of noise of this size. */
  resizeFrom?: { height: number; width: number };
  /** The start is so many draws of one picture behind the seed's first: what ComfyUI gives a picture that it took out of a batch. */
  ordinal?: number;
  /** A1111's eta noise seed delta: the draws on the way come from seed + ensd, from its first draw on; 0 is none. */
  ensd?: Seed;
}

export interface ImageNoise {
  /** The image's own seed, which also seeds its Brownian tree; 0 … 2^64 − 1. */
  seed: bigint;
  /** The variation's seed of this image. */
  variationSeed: bigint | undefined;
  /** N(0, 1), to be scaled; the same at every call. */
  initial(): Float32Array;
  /** The next draw to add on the way. */
  next(): Float32Array;
}

/**
 * ComfyUI knows no variation, resize or ENSD; with its noise they act on its draws as they do in A1111 on others.
 *
 * @throws AppError 'bad-request' for seeds that are no whole numbers and sizes without an element
 * @see A1111 modules/rng.py ImageRNG, modules/processing.py (seeds of a batch)
 */
export function createImageNoise(options: ImageNoiseOptions): ImageNoise {
  const { kind, shape, batch = ALONE, variation, resizeFrom, ensd = 0 } = options;
  const strength = variation?.strength ?? 0;
  const offset = NOISES[kind].batch === 'own-seeds' ? BigInt(batch.index) : 0n;
  const seed = toSeed64(toSeed64(options.seed) + (strength === 0 ? offset : 0n));
  const variationSeed = variation && strength !== 0 ? toSeed64(toSeed64(variation.seed) + offset) : undefined;
  const source = (of: bigint): NoiseSource => batchSource(kind, of, batch);

  /** The seed's first draw, moved towards the variation's. */
  const startAt = (size: NoiseShape): Float32Array => {
    const own = source(seed).next(elements(size));
    if (variationSeed === undefined) return own;
    return slerp(strength, own, source(variationSeed).next(own.length), size);
  };

  const count = elements(shape);
  const main = source(seed);
  const plain = main.next(count);
  const from: NoiseShape = resizeFrom ? [shape[0], resizeFrom.height, resizeFrom.width] : shape;
  const isResized = from.some((size, i) => size !== shape[i]);
  const initial =
    options.ordinal !== undefined
      ? drawAt(NOISE_SOURCES[kind].createForTree(seed), options.ordinal, count)
      : isResized
        ? pasteNoise(startAt(from), from, plain, shape)
        : startAt(shape);
  const delta = toSeed64(ensd);
  const added = delta === 0n ? main : source(toSeed64(seed + delta));
  return { seed, variationSeed, initial: () => initial.slice(), next: () => added.next(count) };
}

/**
 * Draws as long as one image: of a generator for the image alone, or its part of the batch's.
 *
 * @param seed the image's own, or the batch's where one stream serves all
 */
function batchSource(kind: NoiseId, seed: bigint, { index, size }: BatchPlace): NoiseSource {
  const source = NOISE_SOURCES[kind].create(seed);
  if (NOISES[kind].batch === 'own-seeds') return source;
  return { next: (count) => source.next(count * size).slice(index * count, (index + 1) * count) };
}

function drawAt(source: NoiseSource, ordinal: number, count: number): Float32Array {
  for (let i = 0; i < ordinal; i++) source.next(count);
  return source.next(count);
}

function elements(shape: NoiseShape): number {
  if (!shape.every((size) => Number.isInteger(size) && size > 0))
    throw new AppError('bad-request', `Noise must have whole sizes of at least 1, not ${shape.join(' × ')}.`);
  return shape[0] * shape[1] * shape[2];
}
