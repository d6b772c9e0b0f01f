/** One RGBA picture over another, as Pillow lays them. @see Pillow 10.4, AlphaComposite.c */
import { assertSameSize, raster, type Raster } from '../raster';

/** Weights of colours are whole numbers of 2⁻⁷ of a level. */
const BITS = 7;

/** To Pillow's bytes. @throws RangeError where sizes differ */
export function alphaComposite(under: Raster<4>, over: Raster<4>): Raster<4> {
  assertSameSize(under, over);
  const to = raster(under, 4, under.data.slice());
  for (let i = 0; i < to.data.length; i += 4) {
    const alpha = over.data[i + 3];
    if (alpha === 0) continue;
    const together = alpha * 255 + under.data[i + 3] * (255 - alpha);
    const weight = Math.floor((alpha * 255 * 255 * 2 ** BITS) / together);
    for (let c = 0; c < 3; c++) {
      const sum = over.data[i + c] * weight + under.data[i + c] * (255 * 2 ** BITS - weight);
      to.data[i + c] = nearly255th(sum + (128 << BITS)) >> BITS;
    }
    to.data[i + 3] = nearly255th(together + 128);
  }
  return to;
}

function nearly255th(value: number): number {
  return ((value >> 8) + value) >> 8;
}
