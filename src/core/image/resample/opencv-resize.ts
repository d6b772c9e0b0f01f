/**
 * Pictures of bytes in another size as cv2.resize makes them on a PC, to the byte.
 *
 * Cubic and Lanczos never weigh wider than pixels are, so what shrinks by them has stairs; `area` is for shrinking. Cubic goes
 * by exact weights as Intel's library does, which OpenCV's packages for PCs call; elsewhere its weights are rounded to
 * 2⁻¹¹, and one value in 27 differs by one level.
 * @see OpenCV 4.10, resize.cpp
 */
import { raster, type Channels, type Raster, type Size } from '../raster';
import { opencvArea } from './opencv-area';
import { opencvCubic } from './opencv-cubic';
import { areaLinearTaps, lanczosTaps, type FixedTaps } from './opencv-taps';

export type OpencvFilter = 'nearest' | 'area' | 'cubic' | 'lanczos4';

/** Weights are whole 2⁻¹¹: of a pixel made across and down, 2⁻²². */
const [BITS, HALF] = [22, 2 ** 21];

/** @throws RangeError for a size without pixels */
export function opencvResize<C extends Channels>(picture: Raster<C>, size: Size, filter: OpencvFilter): Raster<C> {
  const { width, height, channels } = picture;
  if (width === size.width && height === size.height) return raster(size, channels, picture.data.slice());
  if (filter === 'nearest') return nearest(picture, size);
  const shrinks = width >= size.width && height >= size.height;
  if (filter === 'area' && shrinks) return opencvArea(picture, size);
  if (filter === 'cubic') return opencvCubic(picture, size);
  const taps = filter === 'area' ? areaLinearTaps : lanczosTaps;
  const rows = acrossRows(picture, size.width, taps(width, size.width));
  const to = raster(size, channels);
  const columns = taps(height, size.height);
  const length = size.width * channels;
  const join = filter === 'area' ? joinTwo : joinWhole;
  for (let y = 0; y < size.height; y++)
    join(to.data.subarray(y * length, (y + 1) * length), rows, columns, y * columns.count);
  return to;
}

function nearest<C extends Channels>(picture: Raster<C>, size: Size): Raster<C> {
  const to = raster(size, picture.channels);
  const { channels } = picture;
  const place = (i: number, from: number, length: number) => Math.min(from - 1, Math.floor(i * (1 / (length / from))));
  for (let y = 0; y < size.height; y++) {
    const row = place(y, picture.height, size.height) * picture.width;
    for (let x = 0; x < size.width; x++) {
      const at = channels * (row + place(x, picture.width, size.width));
      for (let c = 0; c < channels; c++) to.data[channels * (y * size.width + x) + c] = picture.data[at + c];
    }
  }
  return to;
}

/** @returns [height, width · channels] in 2⁻¹¹ of a level */
function acrossRows({ width, height, channels, data }: Raster, toWidth: number, taps: FixedTaps): Int32Array {
  const rows = new Int32Array(height * toWidth * channels);
  const { count, places, weights } = taps;
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++)
      for (let c = 0; c < channels; c++, to++) {
        let sum = 0;
        for (let k = x * count; k < (x + 1) * count; k++)
          sum += data[channels * (y * width + places[k]) + c] * weights[k];
        rows[to] = sum;
      }
  return rows;
}

/** One row of the new picture out of rows of sums, by the taps from `first` on. */
type Join = (to: Uint8ClampedArray, rows: Int32Array, columns: FixedTaps, first: number) => void;

/** Sums in whole numbers, halves up. */
const joinWhole: Join = (to, rows, { count, places, weights }, first) => {
  for (let i = 0; i < to.length; i++) {
    let sum = HALF;
    for (let k = first; k < first + count; k++) sum += rows[places[k] * to.length + i] * weights[k];
    to[i] = Math.floor(sum / 2 ** BITS);
  }
};

/** Sums in sixteen bits, as the library's plain linear filter does. */
const joinTwo: Join = (to, rows, { places, weights }, first) => {
  const [a, b] = [places[first] * to.length, places[first + 1] * to.length];
  const [p, q] = [weights[first], weights[first + 1]];
  for (let i = 0; i < to.length; i++)
    to[i] = (((p * (rows[a + i] >> 4)) >> 16) + ((q * (rows[b + i] >> 4)) >> 16) + 2) >> 2;
};
