/**
 * cv2.resize by INTER_CUBIC: four pixels of a line make one, however much it shrinks.
 *
 * Where a value lies between two levels Intel's library sometimes takes the other: 1 in 100,000 of random
 * pixels, 1 in 200 where a picture grows exactly threefold.
 * @see OpenCV 4.10, resize.cpp
 */
import { roundHalfEven } from '../../math/round-half-even';
import { raster, type Channels, type Raster, type Size } from '../raster';

/** The library's slope; Pillow's is −0.5. */
const SLOPE = -0.75;

/** Four for each pixel of the new line; beyond an end the line's last pixel. */
interface CubicTaps {
  places: Int32Array;
  weights: Float64Array;
}

export function opencvCubic<C extends Channels>({ width, height, channels, data }: Raster<C>, size: Size): Raster<C> {
  const to = raster(size, channels);
  const length = size.width * channels;
  const rows = acrossRows({ width, height, channels, data }, size.width);
  const { places, weights } = cubicTaps(height, size.height);
  for (let y = 0; y < size.height; y++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => places[4 * y + k] * length);
    const [p, q, r, s] = weights.subarray(4 * y, 4 * y + 4);
    for (let i = 0; i < length; i++)
      to.data[y * length + i] = roundHalfEven(rows[a + i] * p + rows[b + i] * q + rows[c + i] * r + rows[d + i] * s);
  }
  return to;
}

function acrossRows({ width, height, channels, data }: Raster, toWidth: number): Float64Array {
  const rows = new Float64Array(height * toWidth * channels);
  const { places, weights } = cubicTaps(width, toWidth);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < 4 * toWidth; x += 4)
      for (let c = 0; c < channels; c++, to++) {
        let sum = 0;
        for (let k = x; k < x + 4; k++) sum += data[channels * (y * width + places[k]) + c] * weights[k];
        rows[to] = sum;
      }
  return rows;
}

function cubicTaps(from: number, to: number): CubicTaps {
  const taps = { places: new Int32Array(4 * to), weights: new Float64Array(4 * to) };
  const scale = 1 / (to / from);
  for (let i = 0; i < to; i++) {
    const at = (i + 0.5) * scale - 0.5;
    const first = Math.floor(at) - 1;
    for (let k = 0; k < 4; k++) taps.places[4 * i + k] = Math.min(from - 1, Math.max(0, first + k));
    taps.weights.set(weightsOf(at - Math.floor(at)), 4 * i);
  }
  return taps;
}

/** Weights of the pixels at −1, 0, 1, 2 for a place `part` behind 0. */
function weightsOf(part: number): number[] {
  return [outer(1 + part), inner(part), inner(1 - part), outer(2 - part)];
}

function inner(x: number): number {
  return ((SLOPE + 2) * x - (SLOPE + 3)) * x * x + 1;
}

function outer(x: number): number {
  return ((SLOPE * x - 5 * SLOPE) * x + 8 * SLOPE) * x - 4 * SLOPE;
}
