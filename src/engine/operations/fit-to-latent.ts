/** A hint to the pixels that a latent becomes. @see ComfyUI comfy/controlnet.py: nearest-exact, cut about the middle */
import { centreBox } from '../../core/image/geometry/scaled-size';
import { scalePicture } from '../../core/image/resample/scale-picture';
import type { Pixels } from '../../core/image';
import { cut, fromPixels, toRgba, type Size } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const fitToLatent: Implementation<'fit_to_latent'> = {
  run: oneByOne(async ({ inputs: { model: reference, image, latent } }, { models }) => {
    const { latentFactor } = (await models.get(reference)).traits;
    const to = { width: latent.width * latentFactor, height: latent.height * latentFactor };
    return { outputs: { image: { pixels: fittedTo(image.pixels, to) } } };
  }),
};

export function fittedTo(pixels: Pixels, to: Size): Pixels {
  const picture = fromPixels(pixels);
  return toRgba(scalePicture(cut(picture, centreBox(picture, to)), to, 'nearest-exact'));
}
