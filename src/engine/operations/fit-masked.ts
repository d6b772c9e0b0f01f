/** A picture and its mask to the size that is painted: the whole of it, or only what is around the mask. */
import { cropToFit, resizeToFit } from '../../core/image/geometry';
import { fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';
import { maskedBox } from './masked-box';
import { pixelMode } from './pixel-mode';

export const fitMasked: Implementation<'fit_masked'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image, mask } }) => {
    const { width, height } = settings;
    const mode = pixelMode(settings.resizeMode);
    const size = { width, height };
    const picture = fromPixels(image.pixels);
    const box = maskedBox(mask, settings);
    const outputs = box
      ? { image: { pixels: cropToFit(picture, box, size) }, mask: cropToFit(mask, box, size) }
      : { image: { pixels: resizeToFit(picture, size, { mode }) }, mask: resizeToFit(mask, size, { mode }) };
    return Promise.resolve({ outputs });
  }),
};
