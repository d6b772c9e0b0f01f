/** The denoiser asked tile by tile: their answers become one, as if the whole had been asked. */
import { AppError } from '../../../core/errors';
import { WeighedAnswers } from '../../../core/guidance';
import { cutTile, type Tile } from '../../../core/image';
import type { LatentSize } from '../../../core/networks';
import { planGrid, tileWeights } from '../../../core/tiled-diffusion/tiles';
import type { SettingsOf } from '../../../core/workflow';
import type { UnetRunner } from './unet-runner';

export interface Tiling {
  tiles: readonly Tile[];
  /** How much the cells of each tile's answer count, [tile height, tile width]. */
  weights: Float32Array;
}

type Settings = Pick<SettingsOf<'sample'>, 'tiledMethod' | 'tileWidth' | 'tileHeight' | 'tileOverlap'>;

/** @returns undefined where the whole is asked at once: it was not asked for, or one tile is the whole */
export function tilingOf(
  { tiledMethod, tileWidth: width, tileHeight: height, tileOverlap: overlap }: Settings,
  latent: LatentSize,
): Tiling | undefined {
  if (tiledMethod === 'none') return undefined;
  const tiles = planGrid(latent, { width, height, overlap });
  return tiles.length === 1 ? undefined : { tiles, weights: tileWeights(tiledMethod, tiles[0]) };
}

/** @throws AppError 'bad-request' where texts count in parts of the picture */
export function assertWhole(tiling: Tiling | undefined, hasGuides: boolean): void {
  if (tiling && hasGuides)
    throw new AppError(
      'bad-request',
      'Tiled diffusion and texts for parts of the picture do not go together: switch one of them off.',
    );
}

/** One tile after another, so that no more memory is taken than for one. @param runnerFor  of a tile, by its place in the list */
export function createTiledRunner(
  latent: LatentSize,
  { tiles, weights }: Tiling,
  runnerFor: (tile: Tile, index: number) => UnetRunner,
): UnetRunner {
  const runners = tiles.map(runnerFor);
  const cells = latent.width * latent.height;
  return async (x, at, rows) => {
    const sums = rows.map(() => new WeighedAnswers(latent, x.length / cells));
    for (const [i, tile] of tiles.entries()) {
      const answers = await runners[i](cutTile(x, latent, tile), at, rows);
      answers.forEach((answer, row) => sums[row].add(answer, weights, tile));
    }
    return sums.map((sum) => sum.mean());
  };
}
