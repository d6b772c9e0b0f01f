/** A picture with a mask of what shows through. @see ComfyUI comfy_extras/nodes_compositing.py JoinImageWithAlpha */
import { raster, toRgb, type Mask, type Raster } from '../raster';
import { interpolate } from '../resample';
import { maskUnits, toLevel } from './levels';

/** @param hidden  255 where nothing of the picture is seen; of any size */
export function withAlpha(picture: Raster, hidden: Mask): Raster<4> {
  const isSame = hidden.width === picture.width && hidden.height === picture.height;
  const units = maskUnits(hidden);
  const fitted = isSame ? units : interpolate(units, hidden, picture, { mode: 'bilinear' });
  const { data } = toRgb(picture);
  const to = raster(picture, 4);
  for (let i = 0; i < fitted.length; i++) {
    to.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    to.data[4 * i + 3] = toLevel(Math.fround(1 - fitted[i]));
  }
  return to;
}
