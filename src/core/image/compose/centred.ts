/** Planes cut about their middle to the shape of others, and made as large. */
import { centreBox } from '../geometry/scaled-size';
import type { Size } from '../raster';
import { interpolate, type InterpolateMode } from '../resample';
import { cutTile } from '../tiles';

/** What is left of it, as a tile. */
export function centrePart(from: Size, to: Size): Size & { x: number; y: number } {
  const { left, top, right, bottom } = centreBox(from, to);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param planes [channels, from.height, from.width] @returns [channels, to.height, to.width] */
export function centred(planes: Float32Array, from: Size, to: Size, mode: InterpolateMode): Float32Array {
  const part = centrePart(from, to);
  return interpolate(cutTile(planes, from, part), part, to, { mode });
}
