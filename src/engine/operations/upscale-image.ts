/** A picture becomes larger by a network that was trained for that, patch by patch. */
import { AppError, toAppError } from '../../core/errors';
import type { Pixels } from '../../core/image';
import { resizeToFit } from '../../core/image/geometry';
import { pillowResize } from '../../core/image/resample';
import { planPatches, readPatch, writePatch } from '../../core/image/patches';
import { fromPixels, type Size } from '../../core/image/raster';
import { upscaleFactors } from '../../core/redraw/upscale-factors';
import type { Upscaler } from '../models/upscaler';
import { oneByOne, type Implementation, type OperationContext } from './implementation';
import { pixelMode } from './pixel-mode';

/** What a patch sees around what it gives, in pixels. With 8 to 10, as others have it, borders of patches are seen (Real-ESRGAN#211). */
const HALO = 32;

/** Canvases have no longer sides, and this many pixels are 1 GiB. */
const MOST_SIDE = 16_384;
const MOST_PIXELS = 2 ** 28;

/** Larger ones take longer to send than they are looked at. */
const MOST_SHOWN = 2 ** 20;

export const upscaleImage: Implementation<'upscale_image'> = {
  stage: 'enlarging',
  identify: ({ upscaler }, { upscalers }) => upscalers.revisionOf(upscaler),
  run: oneByOne(async ({ inputs: { image }, settings }, context) => {
    const { width, height } = image.pixels;
    if (width * height <= MOST_SHOWN) context.onEvent({ type: 'painted', preview: image.pixels });
    const upscaler = await context.upscalers.get(settings.upscaler);
    const pixels = await inSoundPrecision(upscaler, context, () => upscale(image.pixels, upscaler, context));
    return { outputs: { image: { ...image, pixels } } };
  }),
};

/** @see Coyote-A/ultimate-upscale-for-automatic1111 USDUpscaler.upscale */
export const enlargeTo: Implementation<'enlarge_to'> = {
  stage: 'enlarging',
  identify: ({ upscaler }, { upscalers }) => (upscaler === '' ? Promise.resolve('') : upscalers.revisionOf(upscaler)),
  run: oneByOne(async ({ inputs: { image }, settings }, context) => {
    const { width, height, upscaler: id, resizeMode } = settings;
    const target = { width, height };
    assertRoomFor(target);
    let { pixels } = image;
    for (const factor of id === '' ? [] : upscaleFactors(pixels, target))
      pixels = await timesAsLarge(pixels, factor, id, context);
    const mode = pixelMode(resizeMode);
    return { outputs: { image: { ...image, pixels: resizeToFit(fromPixels(pixels), target, { mode }) } } };
  }),
};

/** Networks have factors of their own: as often as it takes, then to the size in whole steps of 8. @see A1111 modules/upscaler.py */
async function timesAsLarge(picture: Pixels, factor: number, id: string, context: OperationContext): Promise<Pixels> {
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(8, Math.floor((side * factor) / 8) * 8),
  );
  const upscaler = await context.upscalers.get(id);
  let pixels = picture;
  for (let round = 0; round < MOST_ROUNDS && (pixels.width < width || pixels.height < height); round++) {
    const before: Size = pixels;
    pixels = await inSoundPrecision(upscaler, context, () => upscale(pixels, upscaler, context));
    if (pixels.width === before.width && pixels.height === before.height) break;
  }
  return pillowResize(fromPixels(pixels), { width, height }, { filter: 'lanczos' });
}

const MOST_ROUNDS = 3;

/** @throws AppError 'not-a-number', 'bad-request' for a picture that would be too large */
async function upscale(picture: Pixels, upscaler: Upscaler, context: OperationContext): Promise<Pixels> {
  const { scale, multiple, least, reach = HALO } = upscaler.sizes;
  const [width, height] = [picture.width * scale, picture.height * scale];
  assertRoom(picture, scale);
  const patches = planPatches(picture, { side: upscaler.patchSide, halo: Math.min(HALO, reach), multiple, least });
  const large: Pixels = { width, height, data: new Uint8ClampedArray(4 * width * height) };
  for (const [i, patch] of patches.entries()) {
    if (i > 0) await context.pause();
    if (patches.length > 1) context.onEvent({ type: 'tile', tile: i + 1, tiles: patches.length });
    const seen = readPatch(picture, patch);
    const made = await upscaler.run(seen, patch).catch((thrown: unknown) => {
      if (toAppError(thrown).code === 'out-of-memory') upscaler.shrink(Math.max(patch.width, patch.height));
      throw thrown;
    });
    assertSound(made, seen, upscaler);
    writePatch(large, patch, made, scale);
  }
  return large;
}

/** @throws AppError 'bad-request' for a size that no canvas has */
function assertRoomFor({ width, height }: Size): void {
  if (Math.max(width, height) <= MOST_SIDE && width * height <= MOST_PIXELS) return;
  throw new AppError('bad-request', `A picture of ${width} × ${height} is too large: scale it by less.`);
}

function assertRoom({ width, height }: Pixels, scale: number): void {
  const [wide, high] = [width * scale, height * scale];
  if (Math.max(wide, high) <= MOST_SIDE && wide * high <= MOST_PIXELS) return;
  const share = Math.min(MOST_SIDE / Math.max(wide, high), Math.sqrt(MOST_PIXELS / (wide * high)));
  const [most, least] = [width, height].map((px) => Math.max(1, Math.floor(px * share)));
  throw new AppError(
    'bad-request',
    `${width} × ${height} made ${scale} times as large would be ${wide} × ${high}, which is too large; a picture of ${most} × ${least} fits.`,
  );
}

/** Far below a level of 8 bits, which is 1/255. */
const SAME = 1e-4;

/** @throws AppError 'not-a-number' where values are none, or where half precision has made one colour of a patch that has more */
function assertSound(made: Float32Array, seen: Float32Array, { isHalf, entry }: Upscaler): void {
  if (!made.every(Number.isFinite))
    throw new AppError('not-a-number', `${entry.name} gives values that are not numbers for this picture.`);
  if (isHalf && isFlat(made) && !isFlat(seen))
    throw new AppError('not-a-number', `${entry.name} gives one colour for this picture.`);
}

/** Each of three planes holds one value. */
function isFlat(planes: Float32Array): boolean {
  const size = planes.length / 3;
  return planes.every((value, i) => Math.abs(value - planes[i - (i % size)]) < SAME);
}

/** Once more, in full precision, where half precision gives no picture. */
async function inSoundPrecision<T>(
  upscaler: Upscaler,
  { onEvent }: OperationContext,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (thrown) {
    if (toAppError(thrown).code !== 'not-a-number' || !upscaler.isHalf) throw thrown;
    await upscaler.widen();
    onEvent({
      type: 'notice',
      message: `In half precision ${upscaler.entry.name} gave no picture, so it was enlarged again in full precision.`,
    });
    return task();
  }
}
