/** What was painted laid into the picture again, so that nothing outside the mask changes by a level. */
import { cropAndResize } from '../geometry/resize-mode';
import { assertSameSize, put, raster, toRgba, type Box, type Mask, type Raster } from '../raster';
import { divide255 } from '../resample/premultiply';

export interface PasteBackOptions {
  /** The picture as it was, in full size. */
  original: Raster<4>;
  /** What the model painted: as large as the picture, or of any size where a box is given. */
  painted: Raster<3 | 4>;
  /** The mask, as large as the picture; 255 is all new, 0 all old. */
  mask: Mask;
  /** The part of the picture that was painted, where only that was. */
  box?: Box;
}

/**
 * @returns the original's alpha where nothing is masked, opaque where all is
 * @throws RangeError where sizes differ
 * @see A1111 modules/processing.py, apply_overlay and uncrop: the same to a level, without its way over multiplied colours
 */
export function pasteBack({ original, painted, mask, box }: PasteBackOptions): Raster<4> {
  assertSameSize(original, mask);
  const over = box ? uncrop(original, painted, box) : toRgba(painted);
  assertSameSize(original, over);
  const to = raster(original, 4, original.data.slice());
  for (let pixel = 0; pixel < mask.data.length; pixel++) {
    const level = mask.data[pixel];
    if (level === 0) continue;
    for (let i = 4 * pixel; i < 4 * pixel + 4; i++)
      to.data[i] = divide255(original.data[i] * (255 - level) + over.data[i] * level);
  }
  return to;
}

/** Outside the box nothing was painted: the picture stays, whatever the mask says. */
function uncrop(original: Raster<4>, painted: Raster<3 | 4>, { left, top, right, bottom }: Box): Raster<4> {
  const size = { width: right - left, height: bottom - top };
  const whole = raster(original, 4, original.data.slice());
  return put(whole, toRgba(cropAndResize(painted as Raster, size)), left, top);
}
