/**
 * Tiles of a grid laid together as A1111's SD upscale does: each fades in over the overlap, along rows first, then rows over rows.
 *
 * @see A1111 modules/images.py, combine_grid: the same bytes
 */
import { assertSameSize, raster, type Box, type Raster, type Size } from '../raster';
import { divide255 } from '../resample/premultiply';

export interface JoinOptions {
  picture: Size;
  /** Boxes that tileGrid gave, row by row. */
  grid: readonly (readonly Box[])[];
  /** The overlap that tileGrid had: a tile shows alone from there on, also where it shares more with the one before. */
  overlap: number;
}

/** @param tiles one for each box of the grid, as large as it @throws RangeError where one is not */
export function joinTiles(
  tiles: readonly (readonly Raster<3>[])[],
  { picture, grid, overlap }: JoinOptions,
): Raster<3> {
  const to = raster(picture, 3);
  grid.forEach((boxes, row) => {
    const { top, bottom } = boxes[0];
    const line = raster({ width: picture.width, height: bottom - top }, 3);
    boxes.forEach(({ left, right }, column) => {
      const tile = tiles[row][column];
      assertSameSize(tile, { width: right - left, height: bottom - top });
      fadeIn(line, tile, { x: left, y: 0, level: (x) => (left === 0 ? 255 : levelAt(x, overlap)) });
    });
    fadeIn(to, line, { x: 0, y: top, level: (_, y) => (top === 0 ? 255 : levelAt(y, overlap)) });
  });
  return to;
}

export interface JoinTile {
  axis: 'across' | 'down';
  /** Where the part begins along it. */
  at: number;
  /** Pixels of the whole along it. */
  length: number;
  overlap: number;
}

/**
 * One part after another: tiles of a row across, rows down. What stands before a part has the same bytes as `joinTiles` gives.
 *
 * @param before  what those before it made, as long as the whole; undefined: this is the first
 */
export function joinTile(
  before: Raster<3> | undefined,
  part: Raster<3>,
  { axis, at, length, overlap }: JoinTile,
): Raster<3> {
  const isAcross = axis === 'across';
  const to = before
    ? raster(before, 3, before.data.slice())
    : raster(isAcross ? { width: length, height: part.height } : { width: part.width, height: length }, 3);
  const level = (x: number, y: number): number => (at === 0 ? 255 : levelAt(isAcross ? x : y, overlap));
  fadeIn(to, part, { x: isAcross ? at : 0, y: isAcross ? 0 : at, level });
  return to;
}

function levelAt(place: number, overlap: number): number {
  return place < overlap ? Math.trunc((place * 255) / overlap) : 255;
}

interface Fade {
  x: number;
  y: number;
  /** How much of what is laid on is seen, 0…255, at a place of it. */
  level(x: number, y: number): number;
}

function fadeIn(to: Raster<3>, from: Raster<3>, { x, y, level }: Fade): void {
  for (let row = 0; row < from.height; row++)
    for (let column = 0; column < from.width; column++) {
      const share = level(column, row);
      const at = 3 * ((y + row) * to.width + x + column);
      const source = 3 * (row * from.width + column);
      for (let c = 0; c < 3; c++)
        to.data[at + c] = divide255(to.data[at + c] * (255 - share) + from.data[source + c] * share);
    }
}
