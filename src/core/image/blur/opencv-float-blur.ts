/**
 * cv2.GaussianBlur of float32 pictures with the size left to it; sums in float32, product and sum rounded once, as where a
 * processor has FMA.
 *
 * @see OpenCV 5.0, smooth.dispatch.cpp and filter.simd.hpp; of 8 bits the window is 6 σ wide, of floats 8 σ
 */
import { roundHalfEven } from '../../math/round-half-even';
import { mirrored } from './opencv-gaussian';
import type { Raster } from '../raster';

const f = Math.fround;

/** @returns [height, width, channels], levels */
export function opencvFloatBlur({ width, height, channels, data }: Raster, sigma: number): Float32Array {
  const reach = roundHalfEven(8 * sigma + 1) >> 1;
  const kernel = gaussian(sigma, reach);
  const length = width * channels;
  const rows = new Float32Array(height * length);
  const line = new Float32Array((width + 2 * reach) * channels);
  const places = Int32Array.from({ length: width + 2 * reach }, (_, i) => mirrored(i - reach, width) * channels);
  for (let y = 0; y < height; y++) {
    places.forEach((place, i) => {
      for (let c = 0; c < channels; c++) line[i * channels + c] = data[y * length + place + c];
    });
    const across = reach === 2 ? ofFive : fromLeft;
    across(rows.subarray(y * length, (y + 1) * length), line, kernel, channels);
  }
  return down(rows, { height, length, kernel, reach });
}

function fromLeft(row: Float32Array, line: Float32Array, kernel: Float32Array, channels: number): void {
  for (let k = 0; k < kernel.length; k++) {
    const [weight, from] = [kernel[k], k * channels];
    for (let i = 0; i < row.length; i++) row[i] = line[from + i] * weight + row[i];
  }
}

/** The pair beside the middle, the middle, the outer pair: the library's order. */
function ofFive(row: Float32Array, line: Float32Array, kernel: Float32Array, channels: number): void {
  const [outer, near, middle] = kernel;
  for (let i = 0; i < row.length; i++) {
    const at = i + 2 * channels;
    const inner = f(f(line[at - channels] + line[at + channels]) * near);
    const three = f(line[at] * middle + inner);
    row[i] = f(line[i] + line[at + 2 * channels]) * outer + three;
  }
}

/** The middle first, then rows in pairs, the nearest first. */
function down(rows: Float32Array, o: { height: number; length: number; kernel: Float32Array; reach: number }) {
  const { height, length, kernel, reach } = o;
  const to = new Float32Array(rows.length);
  for (let y = 0; y < height; y++) {
    const sums = to.subarray(y * length, (y + 1) * length);
    for (let i = 0; i < length; i++) sums[i] = kernel[reach] * rows[y * length + i];
    for (let k = 1; k <= reach; k++) {
      const [weight, above, below] = [kernel[reach + k], mirrored(y - k, height), mirrored(y + k, height)];
      for (let i = 0; i < length; i++)
        sums[i] = f(rows[above * length + i] + rows[below * length + i]) * weight + sums[i];
    }
  }
  return to;
}

function gaussian(sigma: number, reach: number): Float32Array {
  const exact = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp((-0.5 / sigma ** 2) * (i - reach) ** 2));
  const share = 1 / exact.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(exact, (weight) => weight * share);
}
