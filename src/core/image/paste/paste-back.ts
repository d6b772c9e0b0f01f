/** What was painted laid into the picture again, so that nothing outside the mask changes by a level. */
import { cropAndResize } from '../geometry/resize-mode';
import { assertSameSize, raster, toRgba, type Box, type Mask, type Raster, type Size } from '../raster';
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
  const over = box ? toRgba(cropAndResize(painted as Raster, sizeOf(box))) : toRgba(painted);
  if (!box) assertSameSize(original, over);
  // Outside the box nothing was painted: the picture stays, whatever the mask says.
  const { left, top } = box ?? { left: 0, top: 0 };
  const { width, height } = original;
  const to = raster(original, 4, original.data.slice());
  for (let y = Math.max(0, top); y < Math.min(height, top + over.height); y++)
    for (let x = Math.max(0, left); x < Math.min(width, left + over.width); x++) {
      const level = mask.data[y * width + x];
      if (level === 0) continue;
      const [at, from] = [4 * (y * width + x), 4 * ((y - top) * over.width + x - left)];
      for (let c = 0; c < 4; c++)
        to.data[at + c] = divide255(original.data[at + c] * (255 - level) + over.data[from + c] * level);
    }
  return to;
}

const sizeOf = ({ left, top, right, bottom }: Box): Size => ({ width: right - left, height: bottom - top });
