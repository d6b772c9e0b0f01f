/** Planes with what lies at their opposite edges around them: for tiles of a picture that goes on there. */
import type { Tile } from './tiles';

interface Size {
  height: number;
  width: number;
}

export interface JoinedPlanes {
  /** [channels, height, width] of `size`. */
  planes: Float32Array;
  size: Size;
  /** Where the planes that were given lie in it. */
  inner: Tile;
}

/**
 * @param planes  [channels, height, width] of `size`
 * @param margin  rows and columns on each side of the ways that are joined; may be more than there are
 */
export function joinEdges(
  planes: Float32Array,
  { width, height }: Size,
  { tiling, margin }: { tiling: 'both' | 'x' | 'y'; margin: number },
): JoinedPlanes {
  const [left, top] = [tiling === 'y' ? 0 : margin, tiling === 'x' ? 0 : margin];
  const size = { width: width + 2 * left, height: height + 2 * top };
  const channels = planes.length / (width * height);
  const wide = new Float32Array(channels * size.width * size.height);
  const columns = Array.from({ length: size.width }, (_, x) => within(x - left, width));
  for (let row = 0; row < channels * size.height; row++) {
    const [channel, y] = [Math.floor(row / size.height), row % size.height];
    const from = (channel * height + within(y - top, height)) * width;
    columns.forEach((column, x) => (wide[row * size.width + x] = planes[from + column]));
  }
  return { planes: wide, size, inner: { x: left, y: top, width, height } };
}

const within = (at: number, side: number): number => ((at % side) + side) % side;
