/**
 * What is painted keeps a picture's colours at large: of each prediction what is coarse is replaced by what is coarse in the picture.
 *
 * @see sd-webui-controlnet scripts/hook.py, blur and "Post-processing for color fix" (tile_colorfix, tile_colorfix+sharp)
 */
import type { Size } from '../image/raster';

export interface KeptColours {
  /** The picture as a latent: [channels, height, width]. */
  latent: Float32Array;
  /** Cells to each side over which colours are averaged. */
  radius: number;
  /** How much of it: 0…1, cut off there. */
  weight: number;
  /** The share, in hundredths, of blurring in what is guided away from. */
  sharpness: number;
}

/** What becomes of the answer to a prompt that is guided towards, or away from. */
export type KeepColours = (x0: Float32Array, isPositive: boolean) => Float32Array;

/** @param size  in cells @returns a way that makes new arrays */
export function colourKeeper({ latent, radius, weight, sharpness }: KeptColours, size: Size): KeepColours {
  const coarse = boxBlur(latent, size, radius);
  const share = Math.min(Math.max(weight, 0), 1);
  const blurs = sharpness / 100;
  return (x0, isPositive) => {
    const own = boxBlur(x0, size, radius);
    const kept = x0.map((value, i) => value - own[i] + coarse[i]);
    const wanted = isPositive || blurs === 0 ? kept : mix(boxBlur(kept, size, radius), kept, blurs);
    return mix(wanted, x0, share);
  };
}

const mix = (a: Float32Array, b: Float32Array, share: number): Float32Array =>
  a.map((value, i) => share * value + (1 - share) * b[i]);

/**
 * Means of squares of 2·radius + 1 cells; beyond the edge lies what is at it.
 * @param planes  [channels, height, width]
 */
export function boxBlur(planes: Float32Array, { height, width }: Size, radius: number): Float32Array {
  const across = new Float64Array(planes.length);
  const blurred = new Float32Array(planes.length);
  const rows = planes.length / width;
  for (let row = 0; row < rows; row++) meansAlong(planes, across, { from: row * width, step: 1, count: width, radius });
  for (let from = 0; from < planes.length; from += height * width)
    for (let x = 0; x < width; x++) meansAlong(across, blurred, { from: from + x, step: width, count: height, radius });
  return blurred;
}

interface Line {
  from: number;
  step: number;
  count: number;
  radius: number;
}

function meansAlong(
  values: ArrayLike<number>,
  to: Float32Array | Float64Array,
  { from, step, count, radius }: Line,
): void {
  const at = (i: number): number => values[from + step * Math.min(Math.max(i, 0), count - 1)];
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += at(i);
  for (let i = 0; i < count; i++) {
    to[from + step * i] = sum / (2 * radius + 1);
    sum += at(i + radius + 1) - at(i - radius);
  }
}
