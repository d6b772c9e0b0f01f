/** The form's picture gets more room, and the form what paints it: mask, content, size. */
import { extendedSize, extendPicture, FEATHER, type Margins } from '../../../core/image/geometry';
import { fromPixels, toRgba, type Size } from '../../../core/image/raster';
import { startSize } from '../start/start-size';
import type { Studio } from '../studio.svelte';

/** Width of the strip beside the new room that changes a little, as a share of the shorter side; at most FEATHER pixels. */
const FEATHER_SHARE = 1 / 6;

/** Whether the model paints all of it at once; else only what is new and around it. */
export function paintsWhole({ settings }: Studio, picture: Size, by: Margins): boolean {
  const size = extendedSize(picture, by);
  const fit = startSize(size, settings.model.defaults, settings.model.size);
  return fit.width === size.width && fit.height === size.height;
}

/** @throws AppError 'missing-picture', 'quota' */
export async function extendStart(studio: Studio, by: Margins): Promise<void> {
  const { settings, form } = studio;
  form.change('Picture extended', await extension(studio, settings.initImage ?? '', by));
}

/**
 * Makes the pictures that it takes.
 *
 * @param initImage  gets more room
 * @returns what changes the form
 * @throws AppError 'missing-picture', 'quota'
 */
export async function extension(studio: Studio, initImage: string, by: Margins): Promise<() => void> {
  const { settings, startPictures } = studio;
  const { [initImage]: pixels } = (await startPictures.imagesOf({ initImage })) ?? {};
  const feather = Math.round(Math.min(FEATHER, Math.min(pixels.width, pixels.height) * FEATHER_SHARE));
  const { picture, mask } = extendPicture(fromPixels(pixels), by, feather);
  const [image, maskImage] = [await startPictures.put(picture), await startPictures.put(toRgba(mask))];
  return () => {
    const isWhole = paintsWhole(studio, pixels, by);
    Object.assign(settings, { initImage: image, initMask: maskImage });
    if (isWhole) Object.assign(settings, extendedSize(pixels, by));
    const { advanced } = settings;
    advanced.set('inpaintArea', isWhole ? 'whole' : 'masked');
    advanced.set('maskedContent', 'fill');
    advanced.set('invertMask', false);
    advanced.set('denoisingStrength', 1);
  };
}
