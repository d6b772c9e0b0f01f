/**
 * Smooth noise of a seed: a coarse grid of numpy's uniform numbers, made larger by cubic, from 0 to 1.
 *
 * @see ControlNet-v1-1 annotator/shuffle (make_noise_disk); numpy's legacy seeding; OpenCV 4.10, resize.cpp (weights float32,
 * sums float64)
 */
import type { Size } from '../image/raster';
import { createMt19937 } from '../noise/mt19937';

/** Pixels from one number of the grid to the next. */
const GRID = 256;
const f = Math.fround;

/** numpy.random.seed(seed), then random_sample again and again: 53 bits in 0…1. @param seed  32 bits, unsigned */
export function createNumpyUniform(seed: number): () => number {
  const next32 = createMt19937(seed);
  return () => {
    const high = next32() >>> 5;
    return (high * 2 ** 26 + (next32() >>> 6)) / 2 ** 53;
  };
}

/** @returns [height, width], 0…1 */
export function noiseField({ width, height }: Size, uniform: () => number): Float64Array {
  const [columns, rows] = [Math.floor(width / GRID) + 2, Math.floor(height / GRID) + 2];
  const grid = Float64Array.from({ length: columns * rows }, uniform);
  const [across, down] = [weigh(columns, width), weigh(rows, height)];
  const lines = new Float64Array(rows * width);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) lines[y * width + x] = join(across[x], (at) => grid[y * columns + at]);
  const field = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) field[y * width + x] = join(down[y], (at) => lines[at * width + x]);
  return spread(field);
}

interface Tap {
  places: number[];
  weights: number[];
}

/** Taps of one side: the grid is made GRID pixels too large at either end, and what lies between is taken. */
function weigh(from: number, length: number): Tap[] {
  const scale = 1 / ((length + 2 * GRID) / from);
  return Array.from({ length }, (_, i) => {
    const at = f((i + GRID + 0.5) * scale - 0.5);
    const first = Math.floor(at);
    return {
      places: [-1, 0, 1, 2].map((step) => Math.min(from - 1, Math.max(0, first + step))),
      weights: cubic(f(at - first)),
    };
  });
}

function join({ places: [a, b, c, d], weights: [p, q, r, s] }: Tap, at: (place: number) => number): number {
  return at(a) * p + at(b) * q + at(c) * r + at(d) * s;
}

/** Slope −0.75, each step in float32; the last is what is left of 1. */
function cubic(part: number): number[] {
  const far = f(part + 1);
  const outer = f(f(f(f(f(f(-0.75 * far) + 3.75) * far) - 6) * far) + 3);
  const inner = (x: number) => f(f(f(f(f(1.25 * x) - 2.25) * x) * x) + 1);
  const [before, after] = [inner(part), inner(f(1 - part))];
  return [outer, before, after, f(f(f(1 - outer) - before) - after)];
}

/** Spreads a field over 0…1, from its least to its most. */
function spread(field: Float64Array): Float64Array {
  const least = field.reduce((a, b) => Math.min(a, b), Infinity);
  const most = field.reduce((a, b) => Math.max(a, b - least), 0);
  return field.map((value) => (most === 0 ? 0 : (value - least) / most));
}
