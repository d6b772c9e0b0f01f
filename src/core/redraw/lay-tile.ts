/** A painted tile at its place in the picture, as ComfyUI's nodes lay it there. @see ssitu/ComfyUI_UltimateSDUpscale modules/processing.py, process_images */
import { layLevels } from '../image/paste/alpha-composite';
import { assertSameSize, raster, type Mask, type Raster } from '../image/raster';

/** @param mask  as large as the picture: how much of the tile is seen @returns opaque where the picture is; outside the tile as it was */
export function layTile(
  picture: Raster<4>,
  tile: Raster<4>,
  { mask, x, y }: { mask: Mask; x: number; y: number },
): Raster<4> {
  assertSameSize(picture, mask);
  const to = raster(picture, 4, picture.data.slice());
  const [right, bottom] = [Math.min(picture.width, x + tile.width), Math.min(picture.height, y + tile.height)];
  for (let row = y; row < bottom; row++)
    for (let column = x; column < right; column++) {
      const at = row * picture.width + column;
      layLevels(to.data, 4 * at, tile.data, 4 * ((row - y) * tile.width + column - x), mask.data[at]);
    }
  return to;
}
