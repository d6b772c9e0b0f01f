/**
 * Hue, saturation and value in bytes as OpenCV makes them, hue of 0…179.
 *
 * There in whole numbers; back in float32 whose products are added in one rounding and cut off, as it computes blocks of 32 pixels on
 * PCs (AVX2). What is left of a row beyond the last whole block it rounds: here all pixels are cut off.
 *
 * @see OpenCV 4.10, color_hsv.simd.hpp, RGB2HSV_b, HSV2RGB_b (COLOR_RGB2HSV, COLOR_HSV2RGB of 8-bit pictures)
 */
import type { Raster } from '../raster';

const BITS = 12;
const HUES = 180;
const HALF = 1 << (BITS - 1);

/** (levels · 2¹²) / i, rounded; none of 0. */
const shares = (levels: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : Math.round((levels * 2 ** BITS) / i)));
const OF_VALUE = shares(255);
const OF_SPREAD = shares(HUES / 6);

/** @returns H, S and V, interleaved [height, width, 3] */
export function toHsvLevels({ width, height, channels, data }: Raster<3 | 4>): Uint8ClampedArray {
  const hsv = new Uint8ClampedArray(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue] = [data[channels * i], data[channels * i + 1], data[channels * i + 2]];
    const value = Math.max(red, green, blue);
    const spread = value - Math.min(red, green, blue);
    const turn = value === red ? green - blue : value === green ? blue - red + 2 * spread : red - green + 4 * spread;
    const hue = (turn * OF_SPREAD[spread] + HALF) >> BITS;
    hsv[3 * i] = hue < 0 ? hue + HUES : hue;
    hsv[3 * i + 1] = (spread * OF_VALUE[value] + HALF) >> BITS;
    hsv[3 * i + 2] = value;
  }
  return hsv;
}

const f = Math.fround;
const TO_SECTOR = f(6 / HUES);
const TO_SHARE = f(1 / 255);
/** Which of a sector's four values red, green and blue are. */
const SECTORS = [
  [0, 3, 1],
  [2, 0, 1],
  [1, 0, 3],
  [1, 2, 0],
  [3, 1, 0],
  [0, 1, 2],
] as const;

/** @param hsv  as toHsvLevels gives it @returns RGB, interleaved */
export function fromHsvLevels(hsv: ArrayLike<number>): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(hsv.length);
  for (let i = 0; i < hsv.length; i += 3) {
    const turn = f(hsv[i] * TO_SECTOR);
    const sector = Math.trunc(turn);
    const rest = f(turn - sector);
    const [s, v] = [f(hsv[i + 1] * TO_SHARE), f(hsv[i + 2] * TO_SHARE)];
    const values = [v, f(v * f(1 - s)), f(v * f(1 - s * rest)), f(v * f(1 - s * f(1 - rest)))];
    SECTORS[sector % 6].forEach((which, c) => (rgb[i + c] = Math.trunc(f(values[which] * 255))));
  }
  return rgb;
}
