/**
 * Where in the picture a unit acts: its mask at each size of the maps that it adds to.
 * @see sd-webui-controlnet scripts/hook.py and ipadapter/plugable_ipadapter.py, apply_effective_region_mask: bilinear, without smoothing
 */
import type { Size } from '../image/raster';
import { interpolate } from '../image/resample/interpolate';
import type { Pixels } from '../image/pixels';

/** White, 1, where it acts; grey in part. @returns [height, width] in 0…1, of the red of its pixels */
export function regionPlane({ width, height, data }: Pixels): { values: Float32Array; size: Size } {
  const values = Float32Array.from({ length: width * height }, (_, i) => data[4 * i] / 255);
  return { values, size: { width, height } };
}

/** Size of the latent, and of what is left of it each time it is halved: `levels` sizes. */
export function regionSizes({ width, height }: Size, levels: number): Size[] {
  return Array.from({ length: levels }, (_, i) => ({
    width: Math.ceil(width / 2 ** i),
    height: Math.ceil(height / 2 ** i),
  }));
}

export const regionAt = (region: ReturnType<typeof regionPlane>, size: Size): Float32Array =>
  interpolate(region.values, region.size, size, { mode: 'bilinear' });
