/** How large a tile is, and how large it is painted. @see Coyote-A/ultimate-upscale-for-automatic1111 init_draw; ssitu/ComfyUI_UltimateSDUpscale usdu_patch.py */
import { roundHalfEven } from '../math/round-half-even';
import type { Size } from '../image/raster';

/** Whose sizes: the script rounds up to 64 pixels, the nodes to the nearest 8. */
export type RedrawRules = 'a1111' | 'comfyui';

/** In pixels; a side of 0 is as long as the other. */
interface Tile {
  tileWidth: number;
  tileHeight: number;
}

export const upTo = (side: number, step: number): number => Math.ceil(side / step) * step;

/** Sides that are said, 0 filled in. @throws RangeError for tiles without a side */
export function tileSize({ tileWidth, tileHeight }: Tile): Size {
  const tile = { width: tileWidth > 0 ? tileWidth : tileHeight, height: tileHeight > 0 ? tileHeight : tileWidth };
  if (!(tile.width > 0 && tile.height > 0)) throw new RangeError('A tile needs a width or a height.');
  return tile;
}

/** What the model paints of a tile: with what it sees around, in whole steps. */
export function paintedSize(settings: Tile & { padding: number }, rules: RedrawRules): Size {
  const { width, height } = tileSize(settings);
  const side = (pixels: number): number => {
    const seen = pixels + settings.padding;
    return rules === 'a1111' ? upTo(seen, 64) : Math.max(8, 8 * roundHalfEven(seen / 8));
  };
  return { width: side(width), height: side(height) };
}
