/**
 * Maps of edges as HED and TEED draw them, made one picture.
 *
 * @see sd-webui-controlnet annotator/hed, annotator/teed; annotator/util.py (safe_step, nms)
 */
import { opencvBlur } from '../image/blur/opencv-blur';
import { opencvFloatBlur } from '../image/blur/opencv-float-blur';
import { raster, type Raster, type Size } from '../image/raster';
import { interpolate } from '../image/resample/interpolate';
import type { DrawnMap } from './preprocessor';

const f = Math.fround;

/**
 * Their mean in this size through a sigmoid, white where edges are sure.
 *
 * @param steps  so many levels above black, for networks that must not read faint traces of the picture; 0: all levels
 */
export function joinEdges(maps: readonly DrawnMap[], size: Size, steps: number): Raster<1> {
  const { width, height } = size;
  const enlarged = maps.map((map) =>
    map.width === width && map.height === height
      ? map.values
      : interpolate(map.values, map, { width, height }, { mode: 'bilinear' }),
  );
  const to = raster({ width, height }, 1);
  for (let i = 0; i < to.data.length; i++) {
    const mean = f(enlarged.reduce((sum, values) => f(sum + values[i]), 0) / maps.length);
    const edge = 1 / (1 + Math.exp(-mean));
    const level = steps === 0 ? edge : Math.trunc(f(f(edge) * (steps + 1))) / steps;
    to.data[i] = Math.trunc(Math.min(255, level * 255));
  }
  return to;
}

/** What is no scribble of a line: strength of a ridge, its blur, and how far strokes reach. */
const [RIDGE, SIGMA, STROKE] = [127, 3, 4];
/** Across, down, and both diagonals. */
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** Ridges of soft edges as strokes of a few pixels: white on black. */
export function toScribble(edges: Raster<1>): Raster<1> {
  const { width, height } = edges;
  const blurred = opencvFloatBlur(edges, SIGMA);
  const ridges = raster({ width, height }, 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = blurred[y * width + x];
      if (value > RIDGE && isRidge(blurred, edges, x, y)) ridges.data[y * width + x] = 255;
    }
  const strokes = opencvBlur(ridges, SIGMA);
  strokes.data.forEach((level, i) => (strokes.data[i] = level > STROKE ? 255 : 0));
  return strokes;
}

/** Whether a pixel is not below either neighbour in some direction. */
function isRidge(values: Float32Array, { width, height }: Size, x: number, y: number): boolean {
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? -Infinity : values[row * width + column];
  const value = at(x, y);
  return DIRECTIONS.some(([dx, dy]) => value >= at(x - dx, y - dy) && value >= at(x + dx, y + dy));
}
