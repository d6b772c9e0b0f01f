/**
 * cv2.GaussianBlur with the size left to it, to the byte: across in 2⁻⁸ of a level, then down, rounded once.
 *
 * @see OpenCV 5.0, smooth.dispatch.cpp (fixed point, of 8 bits)
 */
import { roundHalfEven } from '../../math/round-half-even';
import { raster, type Channels, type Raster } from '../raster';
import { gaussian256, mirrored } from './opencv-gaussian';

/** @param sigma  standard deviation in pixels, above 0 */
export function opencvBlur<C extends Channels>(picture: Raster<C>, sigma: number): Raster<C> {
  const { width, height, channels } = picture;
  const reach = roundHalfEven(6 * sigma + 1) >> 1;
  const kernel = gaussian256(sigma, reach);
  const rows = blurredRows(picture, kernel, reach);
  const to = raster({ width, height }, channels);
  const length = width * channels;
  const sums = new Int32Array(length);
  for (let y = 0; y < height; y++) {
    sums.fill(2 ** 15);
    kernel.forEach((weight, k) => {
      if (weight === 0) return;
      const from = mirrored(y + k - reach, height) * length;
      for (let i = 0; i < length; i++) sums[i] += weight * rows[from + i];
    });
    for (let i = 0; i < length; i++) to.data[y * length + i] = sums[i] >> 16;
  }
  return to;
}

/** @returns [height, width · channels] in 2⁻⁸ */
function blurredRows({ width, height, channels, data }: Raster, kernel: Int32Array, reach: number): Uint16Array {
  const length = width * channels;
  const rows = new Uint16Array(height * length);
  const line = new Uint8Array((width + 2 * reach) * channels);
  const places = Int32Array.from({ length: width + 2 * reach }, (_, i) => mirrored(i - reach, width) * channels);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * length, (y + 1) * length);
    places.forEach((place, i) => {
      for (let c = 0; c < channels; c++) line[i * channels + c] = data[y * length + place + c];
    });
    kernel.forEach((weight, k) => {
      if (weight === 0) return;
      const from = k * channels;
      for (let i = 0; i < length; i++) row[i] += weight * line[from + i];
    });
  }
  return rows;
}
