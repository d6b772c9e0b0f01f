/**
 * OpenCV's Gaussian on bytes as A1111 blurs masks: across, then down, each rounded to whole levels.
 *
 * Weights are whole 256ths, so a blurred edge ends: 255 grows by int(2.5 σ + 0.5) pixels up to σ 8, beyond by a few less.
 * @see OpenCV 5.0, smooth.dispatch.cpp (fixed point); A1111 modules/processing.py, mask_blur
 */
import { roundHalfEven } from '../../math/round-half-even';
import { raster, type Channels, type Raster } from '../raster';

/** Standard deviations in pixels; 0 leaves an axis as it is. */
export interface Sigmas {
  across: number;
  down: number;
}

export function opencvGaussian<C extends Channels>(picture: Raster<C>, { across, down }: Sigmas): Raster<C> {
  const { width, height, channels } = picture;
  const lines = { count: height, gap: width * channels, length: width, step: channels };
  const columns = { count: width, gap: channels, length: height, step: width * channels };
  return blurLines(blurLines(picture, lines, across), columns, down);
}

/** Pixels to each side that count: 255 does not reach further. */
export function blurReach(sigma: number): number {
  return Math.trunc(2.5 * sigma + 0.5);
}

interface Lines {
  count: number;
  gap: number;
  length: number;
  step: number;
}

function blurLines<C extends Channels>(picture: Raster<C>, lines: Lines, sigma: number): Raster<C> {
  const to = raster(picture, picture.channels, picture.data.slice());
  const reach = blurReach(sigma);
  if (reach === 0) return to;
  const kernel = gaussian256(sigma, reach);
  const { data } = picture;
  const places = Int32Array.from(
    { length: lines.length + 2 * reach },
    (_, i) => mirrored(i - reach, lines.length) * lines.step,
  );
  for (let line = 0; line < lines.count; line++)
    for (let c = 0; c < picture.channels; c++) {
      const first = line * lines.gap + c;
      let changedAt = 0; // the last place, of those seen, that is not as the one before it
      let seen = 0;
      for (let i = 0; i < lines.length; i++) {
        while (seen < i + 2 * reach) {
          seen++;
          if (data[first + places[seen]] !== data[first + places[seen - 1]]) changedAt = seen;
        }
        if (changedAt <= i) continue; // all alike, as most of a mask is: it stays
        let sum = 128;
        for (let k = 0; k <= 2 * reach; k++) sum += kernel[k] * data[first + places[i + k]];
        to.data[first + i * lines.step] = sum >> 8;
      }
    }
  return to;
}

/** Weights in 256ths, 256 together: what rounding takes from one is given to the next, the rest to the middle. */
export function gaussian256(sigma: number, reach: number): Int32Array {
  const exact = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const sum = exact.reduce((a, b) => a + b, 0);
  const kernel = new Int32Array(exact.length);
  let owed = 0;
  for (let i = 0; i < reach; i++) {
    const wanted = (exact[i] / sum) * 256 + owed;
    kernel[i] = kernel[2 * reach - i] = roundHalfEven(wanted);
    owed = wanted - kernel[i];
  }
  kernel[reach] = 256 - kernel.reduce((a, b) => a + b, 0);
  return kernel;
}

/** Beyond an edge the line comes back, the edge itself not seen twice. */
export function mirrored(i: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const at = ((i % period) + period) % period;
  return at < length ? at : period - at;
}
