/** A painted picture takes its lightness, or its brightest channel, from a hint: the colours alone are the model's. */
import { recolor } from '../../core/image/colour/recolor';
import { fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const recolorImage: Implementation<'recolor_image'> = {
  run: oneByOne(({ settings: { part }, inputs: { image, hint } }) => {
    const pixels = recolor(fromPixels(image.pixels), fromPixels(hint.pixels), part);
    return Promise.resolve({ outputs: { image: { ...image, pixels } } });
  }),
};
