/**
 * L*a*b* in bytes as OpenCV makes it, in whole numbers: to the byte, since histograms do not forgive one level.
 *
 * @see OpenCV 5.0, color_lab.cpp, RGB2Lab_b (COLOR_RGB2LAB of 8-bit pictures)
 */
import type { Raster } from '../raster';
import { DARKEST, FROM_LEVEL, SLOPE, TO_XYZ } from './lab';

/** Weights are whole numbers of 2⁻¹², light of 2⁻³ of a level, roots of 2⁻¹⁵. */
const [WEIGHT_BITS, LIGHT_BITS, ROOT_BITS] = [12, 3, 15];

const LIGHT = Int32Array.from(FROM_LEVEL, (value) =>
  Math.round(Math.fround(255 * 2 ** LIGHT_BITS * Math.fround(value))),
);
const WEIGHTS = TO_XYZ.map((row) => row.map((weight) => Math.round(weight * 2 ** WEIGHT_BITS)));
/** Just below a half: in the library's float32 the 49th root, 9454.5002, is 9454.5 and becomes 9454, the only one that falls the other way. */
const NEARLY_HALF = 0.4998;

const ROOTS = Int32Array.from({ length: (256 * 3 * 2 ** LIGHT_BITS) / 2 }, (_, i) => {
  const t = Math.fround(i / (255 * 2 ** LIGHT_BITS));
  return Math.floor(2 ** ROOT_BITS * (t < DARKEST ? SLOPE * t + 16 / 116 : Math.cbrt(t)) + NEARLY_HALF);
});

/** L* of 0…100 over 0…255, and rounded as the library rounds it. */
const [L_SCALE, L_SHIFT] = [Math.trunc((116 * 255 + 50) / 100), -Math.trunc((16 * 255 * 2 ** ROOT_BITS + 50) / 100)];
const MIDDLE = 128 * 2 ** ROOT_BITS;

/** @returns L*, a* and b*, interleaved [height, width, 3]; a* and b* around 128 */
export function toLabLevels({ width, height, channels, data }: Raster<3 | 4>): Uint8ClampedArray {
  const lab = new Uint8ClampedArray(3 * width * height);
  const [ofX, ofY, ofZ] = WEIGHTS;
  for (let i = 0; i < width * height; i++) {
    const red = LIGHT[data[channels * i]];
    const green = LIGHT[data[channels * i + 1]];
    const blue = LIGHT[data[channels * i + 2]];
    const root = ([r, g, b]: readonly number[]) => ROOTS[shifted(r * red + g * green + b * blue, WEIGHT_BITS)];
    const y = root(ofY);
    lab[3 * i] = shifted(L_SCALE * y + L_SHIFT, ROOT_BITS);
    lab[3 * i + 1] = shifted(500 * (root(ofX) - y) + MIDDLE, ROOT_BITS);
    lab[3 * i + 2] = shifted(200 * (y - root(ofZ)) + MIDDLE, ROOT_BITS);
  }
  return lab;
}

function shifted(value: number, bits: number): number {
  return (value + (1 << (bits - 1))) >> bits;
}
