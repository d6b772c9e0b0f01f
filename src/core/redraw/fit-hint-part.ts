/** The part of a hint that a tile of the picture sees, as ComfyUI's nodes cut it: to whole pixels outwards, then to the nearest. @see ssitu/ComfyUI_UltimateSDUpscale usdu_utils.py, crop_controlnet */
import { cut, raster, type Box, type Raster, type Size } from '../image/raster';

/** @param box  in a picture as large as `whole` @param size  of the hint that comes out */
export function fitHintPart(hint: Raster<4>, box: Box, { whole, size }: { whole: Size; size: Size }): Raster<4> {
  const [across, down] = [hint.width / whole.width, hint.height / whole.height];
  const part = cut(hint, {
    left: Math.floor(box.left * across),
    top: Math.floor(box.top * down),
    right: Math.min(hint.width, Math.ceil(box.right * across)),
    bottom: Math.min(hint.height, Math.ceil(box.bottom * down)),
  });
  const to = raster(size, 4);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const from = 4 * (nearest(y, size.height, part.height) * part.width + nearest(x, size.width, part.width));
      to.data.set(part.data.subarray(from, from + 4), 4 * (y * size.width + x));
    }
  return to;
}

/** @see torch interpolate, nearest-exact */
const nearest = (place: number, to: number, from: number): number =>
  Math.min(from - 1, Math.floor(((place + 0.5) * from) / to));
