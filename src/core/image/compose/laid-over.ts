/** Planes laid over others, where a mask says or with edges that fade. @see ComfyUI comfy_extras/nodes_mask.py composite; nodes.py LatentComposite */
import { featherWeights, layOver, overlapOf } from '../geometry/lay-over';
import type { Mask, Size } from '../raster';
import { interpolate } from '../resample';
import { cutTile } from '../tiles';
import { maskUnits } from './levels';

interface Planes extends Size {
  /** [channels, height, width] */
  data: Float32Array;
}

interface Laying {
  /** Place from the left, in pixels; not negative. */
  x: number;
  y: number;
  /** It is made as large as what it is laid over. */
  resizes: boolean;
  /** Mask over all of it, whatever its size; without one all of it counts. */
  mask?: Mask | undefined;
  /** How far its edges fade without a mask. */
  feather?: number;
}

/** @returns what is below, with the other in it; both are left as they are */
export function laidOver(below: Planes, above: Planes, { x, y, resizes, mask, feather = 0 }: Laying): Float32Array {
  const from = resizes ? asLarge(above, below) : above;
  const over = overlapOf(below, from, { x, y });
  const weights = mask
    ? cutTile(interpolate(maskUnits(mask), mask, from, { mode: 'bilinear' }), from, { ...over, x: 0, y: 0 })
    : featherWeights(below, over, feather);
  const data = below.data.slice();
  layOver({ width: below.width, height: below.height, data }, from, { ...over, weights });
  return data;
}

function asLarge(planes: Planes, { width, height }: Size): Planes {
  if (planes.width === width && planes.height === height) return planes;
  return { width, height, data: interpolate(planes.data, planes, { width, height }, { mode: 'bilinear' }) };
}
