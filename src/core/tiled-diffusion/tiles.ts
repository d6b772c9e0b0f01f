/**
 * Where the tiles of a latent lie, and how much each of their cells counts.
 *
 * @see Bar-Tal et al. 2023, MultiDiffusion, arXiv:2302.08113; Álvaro Barbero Jiménez 2023, Mixture of Diffusers, arXiv:2302.02412;
 *   pkuliyi2015/multidiffusion-upscaler-for-automatic1111, tile_utils/utils.py, whose grid and weights these are
 */
import type { Tile } from '../image';

/** How the answers of tiles are weighed where they overlap. */
export const TILED_METHODS = {
  multidiffusion: { label: 'MultiDiffusion' },
  mixture: { label: 'Mixture of Diffusers' },
} as const;

export type TiledMethod = keyof typeof TILED_METHODS;

/** Whether a picture may be painted in tiles: self-attention guidance asks where the model has looked in all of it, and Tiling joins its edges. */
export const mayBeTiled = ({ sagScale = 0, tiling = 'none' }: { sagScale?: number; tiling?: string }): boolean =>
  sagScale === 0 && tiling === 'none';

/** A grid of tiles, in cells of the latent. */
export interface TileGrid {
  width: number;
  height: number;
  /** That neighbours share at least; as much as leaves a step of LEAST_STEP. */
  overlap: number;
}

interface Size {
  height: number;
  width: number;
}

/** Tiles of the extension are never closer. */
const LEAST_STEP = 4;

/** Variance of the Gaussian along a side, where the side is 1. */
const VARIANCE = 0.01;

/** Where tiles are much higher than wide, their ends would weigh nothing in float32, and a cell there be 0 / 0. */
const LEAST_WEIGHT = 1e-30;

/** Row by row, all of one size, evenly spread; one where the whole is no larger than a tile. */
export function planGrid({ width, height }: Size, grid: TileGrid): Tile[] {
  const overlap = Math.max(0, Math.min(grid.overlap, Math.min(grid.width, grid.height) - LEAST_STEP));
  const [columns, rows] = [starts(width, grid.width, overlap), starts(height, grid.height, overlap)];
  const size = { width: Math.min(grid.width, width), height: Math.min(grid.height, height) };
  return rows.flatMap((y) => columns.map((x) => ({ x, y, ...size })));
}

function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - overlap) / (side - overlap));
  const step = (length - side) / (count - 1);
  // The last reaches the end, whatever rounding makes of the step.
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? length - side : Math.trunc(i * step)));
}

/**
 * [height, width]. MultiDiffusion counts answers alike. Mixture of Diffusers weighs them by a Gaussian about the tile's middle, which in both
 * of its programs lies half a cell lower than it should, and is as wide in y as the tile is in x: kept so, that recipes give the same picture.
 */
export function tileWeights(method: TiledMethod, { width, height }: Size): Float32Array {
  if (method === 'multidiffusion') return new Float32Array(width * height).fill(1);
  const along = (length: number, middle: number): number[] =>
    Array.from(
      { length },
      (_, i) => Math.exp(-((i - middle) ** 2) / width ** 2 / (2 * VARIANCE)) / Math.sqrt(2 * Math.PI * VARIANCE),
    );
  const [columns, rows] = [along(width, (width - 1) / 2), along(height, height / 2)];
  return Float32Array.from(rows.flatMap((row) => columns.map((column) => Math.max(LEAST_WEIGHT, row * column))));
}
