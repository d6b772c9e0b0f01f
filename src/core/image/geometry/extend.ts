/** A picture with more room around it, for painting what lies beyond its edges. */
import { raster, type Mask, type Raster, type Size } from '../raster';

/** Pixels added to each side. */
export interface Margins {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Extended {
  /** Its edges reach out to the new ones. */
  picture: Raster<4>;
  /** White on what is new; grey where the old picture goes over into it. */
  mask: Mask;
}

/** Pixels within the old picture that change a little: ComfyUI's "feathering". */
export const FEATHER = 40;

export const extendedSize = ({ width, height }: Size, by: Margins): Size => ({
  width: width + by.left + by.right,
  height: height + by.top + by.bottom,
});

/**
 * @param by  whole, at least 0
 * @param feather  pixels; none where twice as many do not fit into a side
 * @throws RangeError where nothing is added, or something is taken away
 * @see ComfyUI nodes.py, ImagePadForOutpaint, whose mask this is; what is new is grey there
 */
export function extendPicture(picture: Raster<4>, by: Margins, feather = FEATHER): Extended {
  const sides = [by.left, by.top, by.right, by.bottom];
  if (!sides.every((px) => Number.isInteger(px) && px >= 0) || sides.every((px) => px === 0))
    throw new RangeError(`${sides.join(', ')} pixels do not extend a picture.`);
  const size = extendedSize(picture, by);
  return { picture: stretchEdges(picture, by, size), mask: frameMask(picture, by, size, feather) };
}

function stretchEdges({ width, height, data }: Raster<4>, { left, top }: Margins, size: Size): Raster<4> {
  const to = raster(size, 4);
  const [from, into] = [new Uint32Array(data.buffer, data.byteOffset, width * height), new Uint32Array(to.data.buffer)];
  for (let y = 0; y < size.height; y++) {
    const row = width * Math.min(height - 1, Math.max(0, y - top));
    for (let x = 0; x < size.width; x++)
      into[y * size.width + x] = from[row + Math.min(width - 1, Math.max(0, x - left))];
  }
  return to;
}

function frameMask(old: Size, by: Margins, size: Size, feather: number): Mask {
  const mask = raster(size, 1);
  mask.data.fill(255);
  const reach = 2 * feather < Math.min(old.width, old.height) ? feather : 0;
  for (let y = 0; y < old.height; y++)
    for (let x = 0; x < old.width; x++) {
      const distance = Math.min(
        by.left > 0 ? x : Infinity,
        by.top > 0 ? y : Infinity,
        by.right > 0 ? old.width - x : Infinity,
        by.bottom > 0 ? old.height - y : Infinity,
      );
      const share = distance < reach ? (reach - distance) / reach : 0;
      mask.data[(y + by.top) * size.width + x + by.left] = Math.round(255 * share * share);
    }
  return mask;
}
