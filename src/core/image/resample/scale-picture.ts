/** The colours of a picture through torch's interpolate, or Pillow's Lanczos, as ComfyUI scales. */
import { fromPlanes, toPlanes } from '../paste/planes';
import { toRgb, type Raster, type Size } from '../raster';
import { interpolate, type InterpolateMode } from './interpolate';
import { pillowResize } from './pillow-resize';

/** Levels are cut off as where ComfyUI saves. */
export function scalePicture(picture: Raster<4>, to: Size, mode: InterpolateMode | 'lanczos'): Raster<3> {
  if (mode === 'lanczos') return pillowResize(toRgb(picture), to, { filter: 'lanczos' });
  return fromPlanes(interpolate(toPlanes(picture), picture, to, { mode }), to, 'truncate');
}
