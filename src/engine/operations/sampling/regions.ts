/** Parts of the picture in which units act: as their networks and the denoiser take them. */
import { regionAt, regionPlane, regionSizes } from '../../../core/control/region-mask';
import { cutTile, type Tile } from '../../../core/image';
import { regionName } from '../../../core/networks';
import type { Size } from '../../../core/image/raster';
import type { NamedTensor } from '../../ports';
import type { ControlUse } from '../implementation';

/** Where a unit acts, over what is painted of the picture, or over a tile of it. */
export interface Region {
  plane: { values: Float32Array; size: Size };
  /** Size in cells of the latent. */
  cells: Size;
}

/** @param factor  pixels of a cell; what is left over of cells is dropped @returns undefined of a unit that acts everywhere */
export function regionOf({ region }: ControlUse, tile: Tile, factor: number): Region | undefined {
  if (!region) return undefined;
  const { values, size } = regionPlane(region);
  const box = { x: tile.x * factor, y: tile.y * factor, width: tile.width * factor, height: tile.height * factor };
  return {
    plane: { values: cutTile(values, size, box), size: { width: box.width, height: box.height } },
    cells: { width: tile.width, height: tile.height },
  };
}

/** A region that is everywhere. */
const WHOLE: NamedTensor = { data: Float32Array.of(1), dims: [1, 1, 1, 1] };

/** Inputs for the steps of a ControlNet that takes regions. */
export function regionInputs(region: Region | undefined, levels: number): Record<string, NamedTensor> {
  const sizes = regionSizes(region?.cells ?? { width: 1, height: 1 }, levels);
  return Object.fromEntries(
    sizes.map((size, level): [string, NamedTensor] => [
      regionName(level),
      region ? { data: regionAt(region.plane, size), dims: [1, 1, size.height, size.width] } : WHOLE,
    ]),
  );
}

/** An adapter's feature, [1, c, h, w], with nothing where the adapter does not act. */
export function withinRegion(feature: NamedTensor, region: Region | undefined): NamedTensor {
  if (!region) return feature;
  const { data, dims } = feature;
  const [, channels, height, width] = dims;
  const part = regionAt(region.plane, { height, width });
  const made = Float32Array.from({ length: channels * part.length }, (_, i) => data[i] * part[i % part.length]);
  return { data: made, dims };
}

/** How much a picture counts in each cell of each level, in 0…1. */
export const regionLevels = (region: Region, levels: number): Float32Array[] =>
  regionSizes(region.cells, levels).map((size) => regionAt(region.plane, size));
