/**
 * A1111's masked content `fill`: what is around a mask flows into it, from far away first and then from near.
 *
 * To the byte of Pillow. @see A1111 modules/masking.py, fill
 */
import { pillowGaussian } from '../blur';
import { alphaComposite } from '../paste/alpha-composite';
import { assertSameSize, raster, toRgb, type Mask, type Raster } from '../raster';
import { premultiply, timesLevel, unpremultiply } from '../resample/premultiply';

/** Radius of a blur in pixels, and how often it is laid on what is there. */
const LAYERS = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
  [0, 1],
] as const;

/** @param picture opaque; of the size the model paints @throws RangeError where sizes differ */
export function fillMasked(picture: Raster<4>, mask: Mask): Raster<3> {
  assertSameSize(picture, mask);
  const kept = keep(picture, mask);
  let filled = raster(picture, 4);
  for (const [radius, times] of LAYERS) {
    const layer = unpremultiply(pillowGaussian(kept, radius));
    for (let k = 0; k < times; k++) filled = alphaComposite(filled, layer);
  }
  return toRgb(filled);
}

/** What is not masked, multiplied with its alpha. */
function keep(picture: Raster<4>, mask: Mask): Raster<4> {
  const kept = premultiply(picture);
  for (let i = 0; i < kept.data.length; i++) kept.data[i] = timesLevel(kept.data[i], 255 - mask.data[i >> 2]);
  return kept;
}
