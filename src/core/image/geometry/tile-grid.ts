/** Tiles that overlap, as A1111's SD upscale lays them: the fewest of one size, evenly spread, the last at the edge. @see A1111 modules/images.py, split_grid */
import type { Box, Size } from '../raster';

export interface GridOptions {
  tile: Size;
  /** Pixels that neighbours share at least. */
  overlap: number;
}

/**
 * @returns rows of boxes, all as large as the tile, or as the picture where that is smaller
 * @throws RangeError for an overlap that leaves nothing of a tile
 */
export function tileGrid(picture: Size, { tile, overlap }: GridOptions): Box[][] {
  if (overlap < 0 || overlap >= tile.width || overlap >= tile.height)
    throw new RangeError(`Tiles of ${tile.width} × ${tile.height} cannot share ${overlap} pixels.`);
  const columns = starts(picture.width, tile.width, overlap);
  const rows = starts(picture.height, tile.height, overlap);
  const [width, height] = [Math.min(tile.width, picture.width), Math.min(tile.height, picture.height)];
  return rows.map((top) => columns.map((left) => ({ left, top, right: left + width, bottom: top + height })));
}

function starts(length: number, tile: number, overlap: number): number[] {
  const count = Math.max(1, Math.ceil((length - overlap) / (tile - overlap)));
  const step = count > 1 ? (length - tile) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(Math.trunc(i * step), length - tile)));
}
