/** A picture to the size that is painted. */
import { resizeToFit } from '../../core/image/geometry';
import { fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';
import { pixelMode } from './pixel-mode';

export const fitImage: Implementation<'fit_image'> = {
  run: oneByOne(({ settings: { width, height, resizeMode }, inputs: { image } }) => {
    const pixels = resizeToFit(fromPixels(image.pixels), { width, height }, { mode: pixelMode(resizeMode) });
    return Promise.resolve({ outputs: { image: { pixels } } });
  }),
};
