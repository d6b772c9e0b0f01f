/** One level for each pixel of an interleaved picture of three channels. */
import type { Size } from '../image/raster';

/** @param levelAt  given the place of the pixel's first channel */
export function perPixel({ width, height }: Size, levelAt: (at: number) => number): Uint8ClampedArray<ArrayBuffer> {
  const levels = new Uint8ClampedArray(width * height);
  for (let i = 0; i < levels.length; i++) levels[i] = levelAt(3 * i);
  return levels;
}
