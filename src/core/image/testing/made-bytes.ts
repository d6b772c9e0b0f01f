/** Bytes by a generator so plain that Python states it in a line: tools/fixtures/image_common.py. */
import { createHash } from 'node:crypto';
import { raster, type Channels, type Raster, type Size } from '../raster';

export function madeBytes(count: number, seed: number): Uint8ClampedArray<ArrayBuffer> {
  let state = seed;
  return Uint8ClampedArray.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

export function madeRaster<C extends Channels>(size: Size, channels: C, seed: number): Raster<C> {
  return raster(size, channels, madeBytes(size.width * size.height * channels, seed));
}

/** Values in −1…1 in steps of 1/128. */
export function madePlanes(count: number, seed: number): Float32Array {
  return Float32Array.from(madeBytes(count, seed), (byte) => (byte - 128) / 128);
}

/** A grey picture of rectangles at levels 0, 128 and 255, the seed's own: as masks are. */
export function madeMask({ width, height }: Size, seed: number): Raster<1> {
  const numbers = madeBytes(16, seed);
  const mask = raster({ width, height }, 1);
  for (let k = 0; k < 3; k++) {
    const [left, top] = [Math.floor((numbers[4 * k] * width) / 256), Math.floor((numbers[4 * k + 1] * height) / 256)];
    const right = Math.min(width, left + 1 + Math.floor((numbers[4 * k + 2] * width) / 512));
    const bottom = Math.min(height, top + 1 + Math.floor((numbers[4 * k + 3] * height) / 512));
    for (let y = top; y < bottom; y++) mask.data.fill([255, 128, 255][k], y * width + left, y * width + right);
  }
  return mask;
}

export function hashOf(data: Uint8ClampedArray): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** The most that two of one length differ by. */
export function mostApart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
