/** What graphs make of latents. Sides and places are in pixels, and rounded down to cells. */
import { AppError } from '../../core/errors';
import { cutTile } from '../../core/image';
import { centred } from '../../core/image/compose/centred';
import { laidOver } from '../../core/image/compose/laid-over';
import { turned } from '../../core/image/geometry/turns';
import type { Size } from '../../core/image/raster';
import { mixLatents } from '../../core/latents/mix-latents';
import { oneByOne, type Implementation, type LatentValue } from './implementation';

const cells = (pixels: number, { factor }: LatentValue): number => Math.floor(pixels / factor);
const done = (latent: LatentValue) => Promise.resolve({ outputs: { latent } });

/** Nothing is zeros, as many as another has. */
function both(a: LatentValue, b: LatentValue): { a: Float32Array; b: Float32Array } | undefined {
  const channels = (a.data?.length ?? 0) / (a.width * a.height) || (b.data?.length ?? 0) / (b.width * b.height);
  if (channels === 0) return undefined;
  const filled = ({ data, width, height }: LatentValue) => data ?? new Float32Array(channels * width * height);
  return { a: filled(a), b: filled(b) };
}

export const zeroLatent: Implementation<'zero_latent'> = {
  run: oneByOne(async ({ inputs: { model, latent } }, { models }) => {
    const { latentChannels } = (await models.get(model)).traits;
    const { data = new Float32Array(latentChannels * latent.width * latent.height) } = latent;
    return { outputs: { latent: { ...latent, data } } };
  }),
};

export const composeLatent: Implementation<'compose_latent'> = {
  run: oneByOne(({ settings, inputs: { to, from: given, mask } }) => {
    const planes = both(to, given);
    if (!planes) return done(to);
    const at = { x: cells(settings.x, to), y: cells(settings.y, to), feather: cells(settings.feather, to) };
    const data = laidOver({ ...to, data: planes.a }, { ...given, data: planes.b }, { ...settings, ...at, mask });
    return done({ ...to, data });
  }),
};

export const mixLatentsOperation: Implementation<'mix_latents'> = {
  run: oneByOne(({ settings: { how, amount }, inputs: { first, second = first } }) => {
    const planes = both(first, second);
    if (!planes) return done(first);
    const mode = how === 'blend' ? 'bicubic' : 'bilinear';
    const other = isSame(first, second) ? planes.b : centred(planes.b, second, first, mode);
    const data = mixLatents(how, [planes.a, other], { amount, cells: first.width * first.height });
    return done({ ...first, data });
  }),
};

/** No corner lies within so many pixels of the other end. */
const LEAST = 64;

/** @see ComfyUI nodes.py LatentCrop */
export const cropLatent: Implementation<'crop_latent'> = {
  run: oneByOne(({ settings, inputs: { latent } }) => {
    const least = cells(LEAST, latent);
    const x = Math.max(0, Math.min(cells(settings.x, latent), latent.width - least));
    const y = Math.max(0, Math.min(cells(settings.y, latent), latent.height - least));
    const width = Math.min(cells(settings.width, latent), latent.width - x);
    const height = Math.min(cells(settings.height, latent), latent.height - y);
    if (width < 1 || height < 1) throw new AppError('bad-request', 'Nothing is left of a latent that is cropped.');
    const { data, factor } = latent;
    return done({ width, height, factor, ...(data && { data: cutTile(data, latent, { x, y, width, height }) }) });
  }),
};

export const turnLatent: Implementation<'turn_latent'> = {
  run: oneByOne(({ settings: { turn }, inputs: { latent } }) => {
    const { from, ...to } = turned(latent, turn);
    const { data, factor } = latent;
    if (!data) return done({ ...to, factor });
    return done({ ...to, factor, data: data.map((_, i) => data[i - (i % from.length) + from[i % from.length]]) });
  }),
};

const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
