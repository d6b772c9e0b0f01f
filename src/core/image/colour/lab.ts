/** CIE L*a*b* of sRGB under D65, with the constants of OpenCV. @see OpenCV 5.0, color_lab.cpp; CIE 15:2004 */
import { raster, type Raster, type Size } from '../raster';

/** Linear light of each level. @see IEC 61966-2-1 */
export const FROM_LEVEL = Float64Array.from({ length: 256 }, (_, level) => {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** XYZ of linear RGB, row by row, each divided by the white point's. */
const [WHITE_X, WHITE_Z] = [0.950456, 1.088754];
export const TO_XYZ = [
  [0.412453 / WHITE_X, 0.35758 / WHITE_X, 0.180423 / WHITE_X],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / WHITE_Z, 0.119193 / WHITE_Z, 0.950227 / WHITE_Z],
] as const;
export const FROM_XYZ = [
  [3.240479 * WHITE_X, -1.53715, -0.498535 * WHITE_Z],
  [-0.969256 * WHITE_X, 1.875991, 0.041556 * WHITE_Z],
  [0.055648 * WHITE_X, -0.204043, 1.057311 * WHITE_Z],
] as const;

/** Below, cube roots are a straight line instead. */
export const DARKEST = 0.008856;
export const SLOPE = 7.787;

const root = (t: number): number => (t > DARKEST ? Math.cbrt(t) : SLOPE * t + 16 / 116);
const DARKEST_ROOT = Math.cbrt(DARKEST);
const cube = (f: number): number => (f > DARKEST_ROOT ? f * f * f : (f - 16 / 116) / SLOPE);

/** @returns L 0…100, a and b about −110…110, interleaved [height, width, 3]; alpha is left out */
export function toLab({ width, height, channels, data }: Raster<3 | 4>): Float32Array {
  const lab = new Float32Array(3 * width * height);
  const [[xr, xg, xb], [yr, yg, yb], [zr, zg, zb]] = TO_XYZ;
  for (let i = 0; i < width * height; i++) {
    const red = FROM_LEVEL[data[channels * i]];
    const green = FROM_LEVEL[data[channels * i + 1]];
    const blue = FROM_LEVEL[data[channels * i + 2]];
    const y = root(yr * red + yg * green + yb * blue);
    lab[3 * i] = 116 * y - 16;
    lab[3 * i + 1] = 500 * (root(xr * red + xg * green + xb * blue) - y);
    lab[3 * i + 2] = 200 * (y - root(zr * red + zg * green + zb * blue));
  }
  return lab;
}

/** Rounded; colours that sRGB does not have are clamped channel by channel. */
export function fromLab(lab: ArrayLike<number>, size: Size): Raster<3> {
  const to = raster(size, 3);
  const { data } = to;
  const [[rx, ry, rz], [gx, gy, gz], [bx, by, bz]] = FROM_XYZ;
  for (let i = 0; i < data.length; i += 3) {
    const middle = (lab[i] + 16) / 116;
    const x = cube(middle + lab[i + 1] / 500);
    const y = cube(middle);
    const z = cube(middle - lab[i + 2] / 200);
    data[i] = toLevel(rx * x + ry * y + rz * z);
    data[i + 1] = toLevel(gx * x + gy * y + gz * z);
    data[i + 2] = toLevel(bx * x + by * y + bz * z);
  }
  return to;
}

const toLevel = (linear: number): number => Math.round(255 * toGamma(linear));

/** @param linear  light of 0…1 */
export function toGamma(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}
