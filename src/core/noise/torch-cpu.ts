/** CPU noise: `torch.randn` on a CPU generator, which ComfyUI and diffusers use, and A1111's "CPU" random source. */
import { createMt19937 } from './mt19937';
import type { NoiseSource } from './noise';
import { toSeed64 } from './seed';

/** torch fills in blocks of 16 (8 Box-Muller pairs) from this many elements on, and one by one below. */
const BLOCK = 16;
const HALF = BLOCK / 2;
const TWO_PI_F32 = Math.fround(2 * Math.PI);

/**
 * Seeds are 32-bit in effect: 2^32 + 42 gives the noise of 42.
 *
 * @see torch aten/src/ATen/native/cpu/DistributionTemplates.h (normal_fill, normal_kernel), core/DistributionsHelper.h
 */
export function createTorchCpuNoise(seed: number | bigint): NoiseSource {
  const next32 = wordsOf(seed);
  const nextScalar = createScalarNormal(next32);
  return {
    next(count) {
      const values = new Float32Array(count);
      if (count >= BLOCK) fillBlocks(values, next32);
      else for (let i = 0; i < count; i++) values[i] = nextScalar();
      return values;
    },
  };
}

/**
 * Uniforms for all elements first, then each full block becomes normal in place. A remainder is covered by 16 fresh
 * uniforms over the last 16 elements, which overwrite results of the block before.
 */
function fillBlocks(values: Float32Array, next32: () => number): void {
  for (let i = 0; i < values.length; i++) values[i] = uniform24(next32());
  for (let start = 0; start + BLOCK <= values.length; start += BLOCK) toNormal(values, start);
  if (values.length % BLOCK === 0) return;
  const tail = values.length - BLOCK;
  for (let i = tail; i < values.length; i++) values[i] = uniform24(next32());
  toNormal(values, tail);
}

/**
 * A part of one draw, without making what lies before and behind it.
 *
 * @param part  `length` elements from `start` on, of `total` that are drawn in one go
 */
export function torchCpuPart(
  seed: number | bigint,
  { start, length, total }: { start: number; length: number; total: number },
): Float32Array {
  const end = start + length;
  if (total < BLOCK) return createTorchCpuNoise(seed).next(total).subarray(start, end);
  // The last 16 are drawn anew behind all others.
  const lastBlock = total - BLOCK;
  const skipped = BLOCK * Math.floor(Math.min(start, lastBlock) / BLOCK);
  const drawnTo = end > lastBlock ? total : BLOCK * Math.ceil(end / BLOCK);
  const next32 = wordsOf(seed);
  for (let i = 0; i < skipped; i++) next32();
  const values = new Float32Array(drawnTo - skipped);
  fillBlocks(values, next32);
  return values.subarray(start - skipped, end - skipped);
}

const wordsOf = (seed: number | bigint): (() => number) => createMt19937(Number(toSeed64(seed) & 0xffffffffn));

/** Box-Muller on one block, every intermediate rounded to float32 as torch's vector code does. */
function toNormal(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF; j++) {
    const u1 = 1 - values[j];
    const radius = Math.fround(Math.sqrt(-2 * Math.fround(Math.log(u1))));
    const angle = Math.fround(TWO_PI_F32 * values[j + HALF]);
    values[j] = radius * Math.fround(Math.cos(angle));
    values[j + HALF] = radius * Math.fround(Math.sin(angle));
  }
}

/** Box-Muller in float64 with swapped roles of u1 and u2; the sine partner waits for the next call, even in a later draw. */
function createScalarNormal(next32: () => number): () => number {
  let cached: number | undefined;
  return () => {
    if (cached !== undefined) {
      const value = cached;
      cached = undefined;
      return value;
    }
    const angle = 2 * Math.PI * uniform53(next32);
    const radius = Math.sqrt(-2 * Math.log1p(-uniform53(next32)));
    cached = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function uniform24(word: number): number {
  return (word & 0xffffff) * 2 ** -24;
}

/** 53 bits of a 64-bit word whose upper half is drawn first. */
function uniform53(next32: () => number): number {
  const high = next32() & 0x1fffff;
  const low = next32();
  return (high * 2 ** 32 + low) * 2 ** -53;
}
