/** One RGBA picture over another, as Pillow lays them. @see Pillow 10.4, AlphaComposite.c */
import { assertSameSize, raster, type Box, type Raster } from '../raster';

/** Weights of colours are whole numbers of 2⁻⁷ of a level. */
const BITS = 7;

/** Composes to Pillow's bytes. @throws RangeError where sizes differ */
export function alphaComposite(under: Raster<4>, over: Raster<4>): Raster<4> {
  assertSameSize(under, over);
  const to = raster(under, 4, under.data.slice());
  for (let i = 0; i < to.data.length; i += 4) layLevels(to.data, i, over.data, i, over.data[i + 3]);
  return to;
}

/** The same, within a box of `to` alone, which has their size. */
export function compositeBox(
  to: Raster<4>,
  under: Raster<4>,
  over: Raster<4>,
  { left, top, right, bottom }: Box,
): void {
  for (let row = top; row < bottom; row++) {
    const [first, end] = [4 * (row * to.width + left), 4 * (row * to.width + right)];
    to.data.set(under.data.subarray(first, end), first);
    for (let i = first; i < end; i += 4) layLevels(to.data, i, over.data, i, over.data[i + 3]);
  }
}

/** One pixel laid on the one that stands at `i`, in its place. @param over  its colour stands from `at` on */
export function layLevels(to: Uint8ClampedArray, i: number, over: ArrayLike<number>, at: number, alpha: number): void {
  if (alpha === 0) return;
  const together = alpha * 255 + to[i + 3] * (255 - alpha);
  const weight = Math.floor((alpha * 255 * 255 * 2 ** BITS) / together);
  const rest = 255 * 2 ** BITS - weight;
  for (let c = 0; c < 3; c++) to[i + c] = nearly255th(over[at + c] * weight + to[i + c] * rest + (128 << BITS)) >> BITS;
  to[i + 3] = nearly255th(together + 128);
}

function nearly255th(value: number): number {
  return ((value >> 8) + value) >> 8;
}
