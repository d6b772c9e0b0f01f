/** A picture that came with the workflow, opaque: what shows through is white, as A1111 has it, or as ComfyUI has it of its own colour. */
import { flatten } from '../../core/image/paste';
import { fromPixels, toRgb, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const loadImage: Implementation<'load_image'> = {
  run: oneByOne(({ settings: { image, dropsAlpha } }, context) => {
    const picture = fromPixels(context.image(image));
    return Promise.resolve({ outputs: { image: { pixels: toRgba(dropsAlpha ? toRgb(picture) : flatten(picture)) } } });
  }),
};
