/** A painted picture takes its lightness, or its brightest channel, from a hint: the colours alone are the model's. */
import { recolor } from '../../core/image/colour/recolor';
import { cut, fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const recolorImage: Implementation<'recolor_image'> = {
  run: oneByOne(({ settings: { part }, inputs: { image, hint } }) => {
    // What is painted is in whole cells; a hint has the pixels beyond the last, too.
    const picture = fromPixels(image.pixels);
    const own = cut(fromPixels(hint.pixels), { left: 0, top: 0, right: picture.width, bottom: picture.height });
    const pixels = recolor(picture, own, part);
    return Promise.resolve({ outputs: { image: { ...image, pixels } } });
  }),
};
