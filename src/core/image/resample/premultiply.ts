/** Colours multiplied with their alpha and back, in whole levels. @see Pillow 10.4, Convert.c (RGBA and RGBa) */
import { raster, type Raster } from '../raster';

/** a · b / 255, rounded to the nearest level. */
export function timesLevel(a: number, b: number): number {
  return divide255(a * b);
}

/** value / 255 rounded, for 0…255². */
export function divide255(value: number): number {
  const sum = value + 128;
  return ((sum >> 8) + sum) >> 8;
}

export function premultiply(picture: Raster<4>): Raster<4> {
  const to = raster(picture, 4, picture.data.slice());
  for (let i = 0; i < to.data.length; i += 4)
    for (let c = 0; c < 3; c++) to.data[i + c] = timesLevel(to.data[i + c], to.data[i + 3]);
  return to;
}

/** Where alpha is 0 colours stay as they are. */
export function unpremultiply(picture: Raster<4>): Raster<4> {
  const to = raster(picture, 4, picture.data.slice());
  for (let i = 0; i < to.data.length; i += 4) {
    const alpha = to.data[i + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) to.data[i + c] = Math.floor((255 * to.data[i + c]) / alpha);
  }
  return to;
}
