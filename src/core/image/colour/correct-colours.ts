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

/** Maps each level to the one that as many are below in the other, between levels that occur, rounded down. */
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

const luma = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b;

/** Every channel moved alike; then towards grey of the same brightness until none is below 0 or above 1. */
function withBrightnessOf({ channels, data }: Raster<3 | 4>, colours: Raster<3>): Raster<3> {
  const to = raster(colours, 3);
  const from = colours.data;
  for (let i = 0, at = 0; i < from.length; i += 3, at += channels) {
    const wanted = luma(data[at], data[at + 1], data[at + 2]) / 255;
    const by = wanted - luma(from[i], from[i + 1], from[i + 2]) / 255;
    const [red, green, blue] = [from[i] / 255 + by, from[i + 1] / 255 + by, from[i + 2] / 255 + by];
    const least = Math.min(red, green, blue);
    const most = Math.max(red, green, blue);
    const raise = least < 0 ? wanted / (wanted - least) : 1;
    const lower = most > 1 ? (1 - wanted) / (most - wanted) : 1;
    to.data[i] = toLevel(wanted + (red - wanted) * raise * lower);
    to.data[i + 1] = toLevel(wanted + (green - wanted) * raise * lower);
    to.data[i + 2] = toLevel(wanted + (blue - wanted) * raise * lower);
  }
  return to;
}

/** Rounded down, as blendmodes does. */
function toLevel(value: number): number {
  return Math.floor(Math.min(1, Math.max(0, value)) * 255);
}
