/** A picture becomes a latent: the mean of what the encoder gives, so that the same picture is the same latent. */
import { AppError } from '../../core/errors';
import { toPlanes } from '../../core/image/paste';
import { cut, fromPixels, type Size } from '../../core/image/raster';
import { fromEncoder } from '../../core/latents';
import type { Tiling } from '../../core/graph';
import { cutTile, joinEdges, TILE_OVERLAP, TiledPicture, type Pixels, type Tile } from '../../core/image';
import type { Model } from '../models/model';
import type { Session } from '../ports';
import { oneByOne, type Implementation, type OperationContext } from './implementation';
import { inSoundPrecision } from './sound-precision';

export const encodeImage: Implementation<'encode_image'> = {
  stage: 'encoding',
  isKept: true,
  run: oneByOne(async ({ settings: { centres }, inputs: { model: reference, image } }, context) => {
    const model = await context.models.get(reference);
    const whole = inWholeSteps(image.pixels, model);
    const pixels = centres ? centred(image.pixels, whole) : readable(image.pixels, whole, model);
    const mean = await encodeMean(model, pixels, context);
    const cells = { ...model.latentSize(whole.width, whole.height), factor: model.traits.latentFactor };
    return { outputs: { latent: { ...cells, data: fromEncoder(mean, model.traits) } } };
  }),
};

/** Part of a size that makes whole cells, or that the model's files take. */
function inWholeSteps({ width, height }: Size, { traits: { sizeStep } }: Model): Size {
  return { width: width - (width % sizeStep), height: height - (height % sizeStep) };
}

/** Our encoders take any size, and each of their halvings drops an odd row, as torch's do; ready-made graphs may not. */
function readable(pixels: Pixels, whole: Size, { traits: { sizeStep, latentFactor } }: Model): Pixels {
  if (sizeStep === latentFactor) return pixels;
  return cut(fromPixels(pixels), { left: 0, top: 0, right: whole.width, bottom: whole.height });
}

/** @see ComfyUI comfy/sd.py vae_encode_crop_pixels */
function centred(pixels: Pixels, { width, height }: Size): Pixels {
  const [left, top] = [pixels.width - width, pixels.height - height].map((rest) => Math.floor(rest / 2));
  return cut(fromPixels(pixels), { left, top, right: left + width, bottom: top + height });
}

/** What is told of it, and asked, on the way. */
export type Reading = Pick<OperationContext, 'onEvent' | 'pause'>;

/**
 * @returns [channels, height, width], not scaled
 * @throws AppError 'unsupported-model' where the model has no encoder
 */
export function encodeMean(model: Model, { width, height, data }: Pixels, reading: Reading): Promise<Float32Array> {
  return encodePlanes(model, toPlanes(fromPixels({ width, height, data })), { width, height, ...reading });
}

/** The same of RGB in −1…1, planar. In tiles where the whole would not fit. */
export async function encodePlanes(
  model: Model,
  planes: Float32Array,
  { width, height, ...reading }: Size & Reading,
): Promise<Float32Array> {
  const { encoder } = model.traits.parts;
  if (!model.readsPictures)
    throw new AppError(
      'unsupported-model',
      `${model.entry.name} came without the part that reads pictures (the encoder of its VAE): it paints from words alone.`,
    );
  return inSoundPrecision({ model, onEvent: reading.onEvent }, 'encoder', async () => {
    const { tiling, ...plain } = model.changes.shapeOf(encoder);
    const cells = cellsOf(model, { width, height });
    const isCut = model.planTiles('encoder', cells).length > 1;
    const session = await model.components.get(encoder, { ...plain, ...(!isCut && tiling && { tiling }) });
    const run = { model, session, ...reading };
    const mean =
      tiling && isCut
        ? await encodeJoined(run, planes, { size: { width, height }, tiling })
        : await encodeParts(run, planes, { width, height });
    model.rooms.encoder.done();
    await model.components.release(encoder); // of use once a picture, and as large as the decoder while it runs
    if (mean.every(Number.isFinite)) return mean;
    throw new AppError('not-a-number', 'The autoencoder reads values that are not numbers from this picture.');
  });
}

function cellsOf({ traits: { latentFactor: factor } }: Model, { width, height }: Size): Size {
  return { width: Math.floor(width / factor), height: Math.floor(height / factor) };
}

type Encoding = Reading & { model: Model; session: Session };

/** Parts of a picture that goes on at its opposite edges: each sees what lies there. */
async function encodeJoined(
  run: Encoding,
  planes: Float32Array,
  { size, tiling }: { size: Size; tiling: Tiling },
): Promise<Float32Array> {
  const { latentFactor: factor } = run.model.traits;
  const joined = joinEdges(planes, size, { tiling, margin: factor * TILE_OVERLAP });
  const [x, y] = [joined.inner.x / factor, joined.inner.y / factor];
  const mean = await encodeParts(run, joined.planes, joined.size);
  return cutTile(mean, cellsOf(run.model, joined.size), { x, y, ...cellsOf(run.model, size) });
}

async function encodeParts(
  { model, session, onEvent, pause }: Encoding,
  planes: Float32Array,
  size: Size,
): Promise<Float32Array> {
  const { latentFactor: factor, latentChannels } = model.traits;
  const encode = async (data: Float32Array, { width, height }: Size): Promise<Float32Array> =>
    (await session.run({ sample: { data, dims: [1, 3, height, width] } }))['latent_sample'];
  const cells = cellsOf(model, size);
  const tiles = model.planTiles('encoder', cells);
  if (tiles.length === 1) return encode(planes, size);
  const latent = new TiledPicture(cells, { factor: 1, planes: latentChannels });
  for (const [i, tile] of tiles.entries()) {
    if (i > 0) await pause();
    onEvent({ type: 'tile', tile: i + 1, tiles: tiles.length });
    const part = pixelsOf(tile, { cells, size, factor });
    latent.add(tile, await encode(cutTile(planes, size, part), part));
  }
  return latent.values();
}

/** The pixels of a tile of cells; at the right and at the bottom with those that make no whole cell. */
function pixelsOf(tile: Tile, { cells, size, factor }: { cells: Size; size: Size; factor: number }): Tile {
  const [x, y] = [tile.x * factor, tile.y * factor];
  const isLast = { across: tile.x + tile.width === cells.width, down: tile.y + tile.height === cells.height };
  return {
    ...{ x, y },
    width: isLast.across ? size.width - x : tile.width * factor,
    height: isLast.down ? size.height - y : tile.height * factor,
  };
}
