/**
 * L*a*b* in bytes as OpenCV makes it, in whole numbers: to the byte, since histograms do not forgive one level.
 *
 * @see OpenCV 5.0, color_lab.cpp, RGB2Lab_b, Lab2RGBinteger (COLOR_RGB2LAB, COLOR_LAB2RGB of 8-bit pictures); 4.10 makes the same of all colours
 */
import type { Raster } from '../raster';
import { DARKEST, FROM_LEVEL, FROM_XYZ, SLOPE, toGamma, TO_XYZ } from './lab';

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

/** Back: light and its roots are whole numbers of 2⁻¹⁴, levels are looked up by 2¹² steps of light. */
const BASE = 2 ** 14;
const LEVEL_STEPS = 2 ** 12;
/** The least root that a* or b* can lead to. */
const LEAST_ROOT = -8145;
/** Up to it, 6/29 of BASE, the cube is a straight line. */
const LAST_STRAIGHT = 3390;
const BACK_SHIFT = WEIGHT_BITS + 14 - 12;

/** Y and its root for each level of L*. */
const HEIGHTS = Array.from({ length: 256 }, (_, level) => {
  if (level <= 20)
    return {
      y: Math.round((level * BASE * 20 * 9) / (17 * 29 ** 3)),
      root: Math.round(BASE * (16 / 116 + (level * 5) / (3 * 17 * 29))),
    };
  const root = (level * 100 * BASE) / (255 * 116) + (16 * BASE) / 116;
  return { y: Math.round(root ** 3 / BASE ** 2), root: Math.round(root) };
});

const CUBES = Int32Array.from({ length: (BASE * 9) / 4 }, (_, i) => {
  const root = i + LEAST_ROOT;
  return root <= LAST_STRAIGHT
    ? Math.trunc((root * 108) / 841) - Math.trunc((Math.trunc((BASE * 16) / 116) * 108) / 841)
    : Math.trunc((Math.trunc((root * root) / BASE) * root) / BASE);
});

const LEVELS = Uint8ClampedArray.from({ length: LEVEL_STEPS }, (_, i) => Math.round(255 * toGamma(i / LEVEL_STEPS)));
const BACK_WEIGHTS = FROM_XYZ.map((row) => row.map((weight) => Math.round(weight * 2 ** WEIGHT_BITS)));

/** @param lab  as toLabLevels gives it @returns RGB, interleaved */
export function fromLabLevels(lab: ArrayLike<number>): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(lab.length);
  for (let i = 0; i < lab.length; i += 3) {
    const { y, root } = HEIGHTS[lab[i]];
    const a = ((5 * lab[i + 1] * 53687 + 2 ** 7) >> 13) - Math.trunc((128 * BASE) / 500);
    const b = ((lab[i + 2] * 41943 + 2 ** 4) >> 9) - Math.trunc((128 * BASE) / 200) + 1;
    const x = CUBES[root + a - LEAST_ROOT];
    const z = CUBES[root - b - LEAST_ROOT];
    BACK_WEIGHTS.forEach(([ofX, ofY, ofZ], c) => {
      const light = shifted(ofX * x + ofY * y + ofZ * z, BACK_SHIFT);
      rgb[i + c] = LEVELS[Math.min(Math.max(light, 0), LEVEL_STEPS - 1)];
    });
  }
  return rgb;
}
