/**
 * torch.nn.functional.interpolate on planes of floats, with the size given and align_corners false.
 *
 * @see torch 2.15, UpSample.h and UpSampleKernel.cpp; places are float32 there, so they are here
 */
import { cubic, triangle } from './filters';
import type { Size } from '../raster';

export type InterpolateMode = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic' | 'area';
export const INTERPOLATE_MODES: readonly InterpolateMode[] = [
  'nearest',
  'nearest-exact',
  'bilinear',
  'bicubic',
  'area',
];

export interface InterpolateOptions {
  mode: InterpolateMode;
  /** Windows of bilinear and bicubic grow where a picture shrinks; bicubic has Pillow's slope then. */
  antialias?: boolean;
}

/** Pixels of a line with their weights, that make one of the new line. */
type Tap = readonly (readonly [at: number, weight: number])[];

const f = Math.fround;

/** @param planes [channels, from.height, from.width] @returns [channels, to.height, to.width] */
export function interpolate(planes: Float32Array, from: Size, to: Size, options: InterpolateOptions): Float32Array {
  const channels = planes.length / (from.width * from.height);
  if (!Number.isInteger(channels) || !(to.width > 0 && to.height > 0))
    throw new RangeError(
      `${planes.length} numbers of ${from.width} × ${from.height} cannot be ${to.width} × ${to.height}.`,
    );
  const columns = lineTaps(from.width, to.width, options);
  const across = new Float64Array(channels * from.height * to.width);
  for (let row = 0; row < channels * from.height; row++)
    for (let x = 0; x < to.width; x++) {
      let sum = 0;
      for (const [at, weight] of columns[x]) sum += planes[row * from.width + at] * weight;
      across[row * to.width + x] = sum;
    }
  return down(across, {
    channels,
    width: to.width,
    rows: lineTaps(from.height, to.height, options),
    height: from.height,
  });
}

/** How much each pixel of a line counts in each of the new line: [to, from]. */
export function lineWeights(from: number, to: number, options: InterpolateOptions): Float64Array {
  const weights = new Float64Array(to * from);
  lineTaps(from, to, options).forEach((taps, i) => {
    for (const [at, weight] of taps) weights[i * from + at] += weight;
  });
  return weights;
}

function down(across: Float64Array, o: { channels: number; width: number; height: number; rows: Tap[] }): Float32Array {
  const planes = new Float32Array(o.channels * o.rows.length * o.width);
  for (let c = 0; c < o.channels; c++)
    o.rows.forEach((taps, y) => {
      const line = (c * o.rows.length + y) * o.width;
      for (let x = 0; x < o.width; x++) {
        let sum = 0;
        for (const [at, weight] of taps) sum += across[(c * o.height + at) * o.width + x] * weight;
        planes[line + x] = sum;
      }
    });
  return planes;
}

function lineTaps(from: number, to: number, { mode, antialias = false }: InterpolateOptions): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    if (mode === 'area') return areaTaps(from, to, i);
    if (mode === 'nearest' || mode === 'nearest-exact') return [[nearestOf(from, to, i, mode), 1]];
    if (antialias) return windowTaps(from, to, i, mode);
    return mode === 'bilinear' ? linearTaps(from, to, i) : cubicTaps(from, to, i);
  });
}

function nearestOf(from: number, to: number, i: number, mode: 'nearest' | 'nearest-exact'): number {
  const middle = mode === 'nearest' ? 0 : 0.5;
  return Math.min(Math.floor(f((i + middle) * f(from / to))), from - 1);
}

/** Where the middle of pixel i lies, from the middle of the first. */
function place(from: number, to: number, i: number): number {
  return f(f(from / to) * (i + 0.5) - 0.5); // one rounding: a fused multiply and add
}

function linearTaps(from: number, to: number, i: number): Tap {
  const at = Math.max(0, place(from, to, i));
  const left = Math.min(Math.floor(at), from - 1);
  const part = Math.min(Math.max(0, f(at - left)), 1);
  return [
    [left, f(1 - part)],
    [Math.min(left + 1, from - 1), part],
  ];
}

function cubicTaps(from: number, to: number, i: number): Tap {
  const at = place(from, to, i);
  const left = Math.floor(at);
  const part = f(at - left);
  return [-1, 0, 1, 2].map((k) => [Math.min(Math.max(0, left + k), from - 1), cubic(part - k, -0.75)] as const);
}

/** The mean of all pixels that the new one touches, each counted whole. */
function areaTaps(from: number, to: number, i: number): Tap {
  const [start, end] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)];
  return Array.from({ length: end - start }, (_, k) => [start + k, 1 / (end - start)]);
}

function windowTaps(from: number, to: number, i: number, mode: 'bilinear' | 'bicubic'): Tap {
  const scale = f(from / to);
  const stretch = Math.max(1, scale);
  const reach = f((mode === 'bilinear' ? 1 : 2) * stretch);
  const centre = f(scale * f(i + 0.5));
  const start = Math.max(0, Math.trunc(f(f(centre - reach) + 0.5)));
  const end = Math.min(from, Math.trunc(f(f(centre + reach) + 0.5)));
  const raw = Array.from({ length: end - start }, (_, k) => {
    const distance = (k + start - centre + 0.5) / stretch;
    return mode === 'bilinear' ? triangle(distance) : cubic(distance, -0.5);
  });
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((weight, k) => [start + k, weight / sum]);
}
