/** TiledDiffusion's own words, as settings of a recipe: its sides are pixels, ours are cells. */
import type { FieldValues } from '../recipe/request';
import { TILED_METHODS, type TiledMethod } from '../tiled-diffusion/tiles';

const CELL_PIXELS = 8;

export type TiledSettings = Pick<FieldValues, 'tiledMethod' | 'tileWidth' | 'tileHeight' | 'tileOverlap'>;

/** The node's inputs, read back by `tiledOfNode`; undefined where it is painted in one piece. */
export function nodeOfTiled({ tiledMethod, tileWidth, tileHeight, tileOverlap }: TiledSettings) {
  if (tiledMethod === 'none') return undefined;
  return {
    method: TILED_METHODS[tiledMethod].label,
    tile_width: tileWidth * CELL_PIXELS,
    tile_height: tileHeight * CELL_PIXELS,
    tile_overlap: tileOverlap * CELL_PIXELS,
    tile_batch_size: 1,
  };
}

/** Undefined for a method that is not here: SpotDiffusion. Rounded down, as it does. */
export function tiledOfNode(
  method: string,
  { width, height, overlap }: Record<'width' | 'height' | 'overlap', number>,
): TiledSettings | undefined {
  const ids = Object.keys(TILED_METHODS) as TiledMethod[];
  const tiledMethod = ids.find((id) => TILED_METHODS[id].label === method);
  if (tiledMethod === undefined) return undefined;
  const [tileWidth = 0, tileHeight = 0, tileOverlap = 0] = [width, height, overlap].map((pixels) =>
    Math.floor(pixels / CELL_PIXELS),
  );
  return { tiledMethod, tileWidth, tileHeight, tileOverlap };
}
