/**
 * A1111's colour correction: the histograms of L*, a* and b* of what went in, with the brightness of what was painted.
 *
 * @see A1111 modules/processing.py, apply_color_correction; scikit-image match_histograms; blendmodes 2022, LUMINOSITY
 */
import { raster, type Raster } from '../raster';
import { fromLab } from './lab';
import { toLabLevels } from './opencv-lab';

/** @param reference what went in, of any size */
export function correctColours(painted: Raster<3 | 4>, reference: Raster<3 | 4>): Raster<3> {
  const [levels, wanted] = [toLabLevels(painted), toLabLevels(reference)];
  for (let c = 0; c < 3; c++) {
    const table = matchHistogram(histogram(levels, c), histogram(wanted, c));
    for (let i = c; i < levels.length; i += 3) levels[i] = table[levels[i]];
  }
  const lab = Float32Array.from(levels, (level, i) => (i % 3 === 0 ? (level * 100) / 255 : level - 128));
  return withBrightnessOf(painted, fromLab(lab, painted));
}

/** The share of values up to each level. */
function histogram(levels: Uint8ClampedArray, channel: number): { counts: Float64Array; shares: Float64Array } {
  const counts = new Float64Array(256);
  for (let i = channel; i < levels.length; i += 3) counts[levels[i]]++;
  let sum = 0;
  return { counts, shares: counts.map((count) => (sum += count) / (levels.length / 3)) };
}

type Histogram = ReturnType<typeof histogram>;

/** For each level the one that as many are below in the other, between levels that occur, rounded down. */
function matchHistogram({ shares }: Histogram, wanted: Histogram): Uint8Array {
  const present = [...wanted.counts.keys()].filter((level) => wanted.counts[level] > 0);
  return Uint8Array.from(shares, (share) => {
    const next = present.findIndex((level) => wanted.shares[level] >= share);
    if (next <= 0) return present[Math.max(0, next)];
    const [low, high] = [present[next - 1], present[next]];
    const part = (share - wanted.shares[low]) / (wanted.shares[high] - wanted.shares[low]);
    return low + part * (high - low);
  });
}

const luma = (colour: readonly number[]): number => 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];

function withBrightnessOf(picture: Raster<3 | 4>, colours: Raster<3>): Raster<3> {
  const to = raster(colours, 3);
  const unit = ({ channels, data }: Raster, i: number) => [0, 1, 2].map((c) => data[channels * i + c] / 255);
  for (let i = 0; i < picture.width * picture.height; i++) {
    const colour = unit(colours, i);
    const wanted = luma(unit(picture, i));
    const moved = colour.map((value) => value + wanted - luma(colour));
    squeezed(moved).forEach((value, c) => (to.data[3 * i + c] = Math.floor(Math.min(1, Math.max(0, value)) * 255)));
  }
  return to;
}

/** Towards grey of the same brightness until no channel is below 0 or above 1. */
function squeezed(colour: readonly number[]): readonly number[] {
  const grey = luma(colour);
  const [least, most] = [Math.min(...colour), Math.max(...colour)];
  const raised = least < 0 ? colour.map((v) => grey + ((v - grey) * grey) / (grey - least)) : colour;
  return most > 1 ? raised.map((v) => grey + ((v - grey) * (1 - grey)) / (most - grey)) : raised;
}
