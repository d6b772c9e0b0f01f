/** Which pixels of a line make one of the resized line, and with which whole-number weights. @see Pillow 10.4, Resample.c */
import { FILTERS, type WindowFilter } from './filters';

/** Weights are whole numbers of 2⁻²². */
export const WEIGHT_BITS = 22;

export interface Taps {
  /** The first pixel, and how many, of each pixel to make. */
  starts: Int32Array;
  counts: Int32Array;
  /** Weights of each, from `stride` · i on. */
  weights: Int32Array;
  stride: number;
}

export interface LineResize {
  /** Pixels of the line there is. */
  length: number;
  /** The part of it to resize: need not be whole numbers; may be of no length, at an edge. */
  from: number;
  to: number;
  /** How many pixels there are to make. */
  count: number;
}

export function pillowTaps({ length, from, to, count }: LineResize, filter: WindowFilter): Taps {
  const { support, weight } = FILTERS[filter];
  const scale = (to - from) / count;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const stride = 2 * Math.ceil(reach) + 1;
  const taps: Taps = {
    starts: new Int32Array(count),
    counts: new Int32Array(count),
    weights: new Int32Array(count * stride),
    stride,
  };
  for (let i = 0; i < count; i++) {
    const centre = from + (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(length, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: end - start }, (_, k) => weight((k + start - centre + 0.5) * (1 / stretch)));
    const sum = raw.reduce((a, b) => a + b, 0);
    [taps.starts[i], taps.counts[i]] = [start, raw.length];
    raw.forEach((w, k) => (taps.weights[i * stride + k] = toWhole(sum === 0 ? w : w / sum)));
  }
  return taps;
}

function toWhole(weight: number): number {
  return Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5));
}
