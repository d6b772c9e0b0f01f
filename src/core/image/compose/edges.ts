/** Canny's edges as kornia draws them, for ComfyUI's node of that name: of levels 0…1, with another blur, slope and start than OpenCV's. @see kornia filters/canny.py */
import type { Size } from '../raster';

/** @see kornia color/gray.py */
const GREY = [0.299, 0.587, 0.114] as const;
/** The blur's standard deviation in pixels; its kernel is five wide. */
const SIGMA = 1;
const REACH = 2;
/** Beneath the root, so that a flat picture has a slope. */
const LEAST = 1e-6;

/** To the right first, then clockwise, an eighth of a turn each. */
const STEPS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/**
 * @param planes  [3, height, width]
 * @returns the same: 1 where there is an edge, else 0. One begins above `high` and goes on above `low`
 */
export function drawEdges(
  planes: Float32Array,
  size: Size,
  { low, high }: { low: number; high: number },
): Float32Array {
  const cells = size.width * size.height;
  const grey = new Float32Array(cells).map((_, i) =>
    GREY.reduce((sum, share, plane) => sum + share * planes[plane * cells + i], 0),
  );
  const thin = ridges(blurred(grey, size), size);
  const edges = followed(thin, size, { low: Math.fround(low), high: Math.fround(high) });
  const result = new Float32Array(3 * cells);
  for (let plane = 0; plane < 3; plane++) result.set(edges, plane * cells);
  return result;
}

/** Mirrored at the edges, which are there once. */
function blurred(grey: Float32Array, { width, height }: Size): Float32Array {
  const line = Array.from({ length: 2 * REACH + 1 }, (_, k) => Math.exp(-((k - REACH) ** 2) / (2 * SIGMA ** 2)));
  const sum = line.reduce((a, b) => a + b, 0);
  const along = (from: Float32Array, count: number, step: number): Float32Array =>
    from.map((_, i) => {
      const at = Math.floor(i / step) % count;
      return line.reduce(
        (all, weight, k) => all + (weight / sum) * from[i + (mirrored(at + k - REACH, count) - at) * step],
        0,
      );
    });
  return along(along(grey, width, 1), height, width);
}

function mirrored(at: number, count: number): number {
  if (count === 1) return 0;
  const back = at < 0 ? -at : at;
  return back < count ? back : Math.abs(2 * (count - 1) - back);
}

/** How steep it is at each pixel that is steeper than both beside it, across the edge; else 0. */
function ridges(grey: Float32Array, { width, height }: Size): Float32Array {
  const clamp = (at: number, count: number): number => Math.min(Math.max(at, 0), count - 1);
  const level = (x: number, y: number): number => grey[clamp(y, height) * width + clamp(x, width)];
  const slopes = new Float32Array(grey.length);
  const ways = new Uint8Array(grey.length);
  for (let i = 0; i < grey.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const side = (dx: number, dy: number, [a, b]: readonly [number, number]): number =>
      level(x + dx - a, y + dy - b) + 2 * level(x + dx, y + dy) + level(x + dx + a, y + dy + b);
    const across = side(1, 0, [0, 1]) - side(-1, 0, [0, 1]);
    const down = side(0, 1, [1, 0]) - side(0, -1, [1, 0]);
    slopes[i] = Math.sqrt(across * across + down * down + LEAST);
    ways[i] = (Math.round((Math.atan2(down, across) * 4) / Math.PI) + 8) % 8;
  }
  const beside = (i: number, way: number): number => {
    const [dx, dy] = STEPS[way % 8];
    const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy];
    return x < 0 || y < 0 || x >= width || y >= height ? 0 : slopes[y * width + x];
  };
  return slopes.map((slope, i) => (slope > beside(i, ways[i]) && slope > beside(i, ways[i] + 4) ? slope : 0));
}

function followed(
  slopes: Float32Array,
  { width, height }: Size,
  { low, high }: { low: number; high: number },
): Float32Array {
  const edges = new Float32Array(slopes.length);
  const waiting: number[] = [];
  const mark = (i: number): void => {
    edges[i] = 1;
    waiting.push(i);
  };
  slopes.forEach((slope, i) => {
    if (slope > high) mark(i);
  });
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop())
    for (const [dx, dy] of STEPS) {
      const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const next = y * width + x;
      if (edges[next] === 0 && slopes[next] > low) mark(next);
    }
  return edges;
}
