/** Pictures developed in tiles that overlap, and faded into each other where they do. */

/** Cells of a latent that neighbours share. */
export const TILE_OVERLAP = 16;

/** Cells a side. Smaller ones would be overlap for the most part, and each see little of the picture. */
export const LEAST_TILE = 32;

/** Next to a cut a tile has no neighbours to look at: that far in, what it shows there is not used. */
const MARGIN = 4;

export interface Tile {
  /** Cells from the left and from the top. */
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Size {
  height: number;
  width: number;
}

/**
 * The fewest tiles of at most `side` cells that cover a latent, all of one size and evenly spread, row by row.
 *
 * @param side  more than TILE_OVERLAP where there is more than one
 */
export function planTiles({ width, height }: Size, side: number): Tile[] {
  const [columns, rows] = [starts(width, side), starts(height, side)];
  const size = { width: Math.min(side, width), height: Math.min(side, height) };
  return rows.flatMap((y) => columns.map((x) => ({ x, y, ...size })));
}

function starts(length: number, side: number): number[] {
  if (length <= side) return [0];
  if (side <= TILE_OVERLAP) throw new RangeError(`tiles of ${side} cells are all overlap`);
  const count = Math.ceil((length - TILE_OVERLAP) / (side - TILE_OVERLAP));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

/** @param planes  [channels, height, width] of the whole @returns [channels, tile.height, tile.width] */
export function cutTile(planes: Float32Array, { width, height }: Size, tile: Tile): Float32Array {
  const channels = planes.length / (width * height);
  const cut = new Float32Array(channels * tile.width * tile.height);
  for (let row = 0; row < channels * tile.height; row++) {
    const [channel, line] = [Math.floor(row / tile.height), row % tile.height];
    const from = (channel * height + tile.y + line) * width + tile.x;
    cut.set(planes.subarray(from, from + tile.width), row * tile.width);
  }
  return cut;
}

/** A picture that tiles are laid into, each with less weight towards its cut sides. */
export class TiledPicture {
  readonly #size: Size;
  readonly #factor: number;
  readonly #planes: number;
  readonly #sums: Float32Array;
  readonly #weights: Float32Array;

  /** @param size  of the latent, in cells @param factor  pixels a cell */
  constructor(size: Size, { factor, planes }: { factor: number; planes: number }) {
    this.#size = { width: size.width * factor, height: size.height * factor };
    this.#factor = factor;
    this.#planes = planes;
    const pixels = this.#size.width * this.#size.height;
    this.#sums = new Float32Array(planes * pixels);
    this.#weights = new Float32Array(pixels);
  }

  /** @param values  [planes, tile.height · factor, tile.width · factor] */
  add(tile: Tile, values: Float32Array): void {
    const { width, height } = this.#size;
    const factor = this.#factor;
    const [x, y, across, down] = [tile.x, tile.y, tile.width, tile.height].map((cells) => cells * factor);
    const columns = fade({ start: x, length: across, whole: width, factor });
    const lines = fade({ start: y, length: down, whole: height, factor });
    for (let line = 0; line < down; line++)
      for (let column = 0; column < across; column++) {
        const weight = lines[line] * columns[column];
        if (weight === 0) continue;
        const to = (y + line) * width + x + column;
        this.#weights[to] += weight;
        for (let plane = 0; plane < this.#planes; plane++)
          this.#sums[plane * width * height + to] += weight * values[(plane * down + line) * across + column];
      }
  }

  /** [planes, height, width]; every pixel lies in a tile. */
  values(): Float32Array {
    const pixels = this.#weights.length;
    return this.#sums.map((sum, i) => sum / this.#weights[i % pixels]);
  }
}

/** 1 in the middle and at the picture's own sides; towards a cut a slope to 0, which ends MARGIN cells before it. */
function fade(o: { start: number; length: number; whole: number; factor: number }): Float32Array {
  const [margin, slope] = [MARGIN * o.factor, (TILE_OVERLAP - 2 * MARGIN) * o.factor];
  const rise = (distance: number): number => Math.min(1, Math.max(0, (distance - margin) / slope));
  return Float32Array.from({ length: o.length }, (_, i) => {
    const left = o.start === 0 ? 1 : rise(i + 0.5);
    const right = o.start + o.length === o.whole ? 1 : rise(o.length - i - 0.5);
    return Math.min(left, right);
  });
}
