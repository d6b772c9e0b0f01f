/** From the last latent to pixels, in tiles where the whole would not fit. */
import { AppError } from '../../core/errors';
import {
  cutTile,
  joinEdges,
  planesToPixels,
  TILE_OVERLAP,
  TiledPicture,
  type Pixels,
  type Tile,
} from '../../core/image';
import { toDecoder } from '../../core/latents';
import type { LatentSize } from '../../core/networks';
import type { EventListener } from '../api';
import type { Model } from '../models/model';
import type { Session } from '../ports';
import { assertDeveloped } from './sound-precision';

export interface DecodeRun {
  model: Model;
  onEvent: EventListener;
  /** Awaited before each tile. @throws AppError 'cancelled' */
  pause(): Promise<void>;
}

/**
 * @param latent  scaled, [1, channels, height, width]
 * @returns `tiles`: in how many it was developed
 * @throws AppError 'not-a-number'
 */
export async function decodeLatent(
  run: DecodeRun,
  latent: Float32Array,
  size: LatentSize,
): Promise<{ pixels: Pixels; tiles: number }> {
  const { model } = run;
  const { latentFactor, parts } = model.traits;
  const unscaled = toDecoder(latent, model.traits);
  const { tiling, ...plain } = model.changes.shapeOf(parts.decoder);
  const isCut = model.planTiles('decoder', size).length > 1;
  const joined = tiling && isCut ? joinEdges(unscaled, size, { tiling, margin: TILE_OVERLAP }) : undefined;
  const decoder = await model.components.get(parts.decoder, { ...plain, ...(!isCut && tiling && { tiling }) });
  const tiles = model.planTiles('decoder', joined?.size ?? size);
  const whole =
    tiles.length === 1
      ? await decodeTile(decoder, unscaled, { model, tile: tiles[0] })
      : await decodeTiles(decoder, joined?.planes ?? unscaled, { ...run, size: joined?.size ?? size, tiles });
  const sample = joined ? cutTile(whole, scaled(joined.size, latentFactor), scaled(joined.inner, latentFactor)) : whole;
  if (!sample.every(Number.isFinite))
    throw new AppError('not-a-number', 'The autoencoder gives values that are not numbers for this picture.');
  assertDeveloped(sample, latent, model);
  model.rooms.decoder.done();
  const pixels = planesToPixels(sample, size.width * latentFactor, size.height * latentFactor);
  return { pixels, tiles: tiles.length };
}

/** Cells as pixels: of a size, or of a part. */
const scaled = <Numbers extends object>(cells: Numbers, factor: number): Numbers =>
  Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, Number(value) * factor])) as Numbers;

/** @returns RGB in −1…1, planar */
async function decodeTile(
  decoder: Session,
  data: Float32Array,
  { model, tile }: { model: Model; tile: Tile },
): Promise<Float32Array> {
  const dims = [1, model.traits.latentChannels, tile.height, tile.width];
  const { sample } = await decoder.run({ latent_sample: { data, dims } });
  return sample;
}

async function decodeTiles(
  decoder: Session,
  latent: Float32Array,
  { model, onEvent, pause, size, tiles }: DecodeRun & { size: LatentSize; tiles: readonly Tile[] },
): Promise<Float32Array> {
  const picture = new TiledPicture(size, { factor: model.traits.latentFactor, planes: 3 });
  for (const [i, tile] of tiles.entries()) {
    if (i > 0) await pause();
    onEvent({ type: 'tile', tile: i + 1, tiles: tiles.length });
    picture.add(tile, await decodeTile(decoder, cutTile(latent, size, tile), { model, tile }));
  }
  return picture.values();
}
