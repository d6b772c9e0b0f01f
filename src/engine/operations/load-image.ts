/** A picture that came with the workflow, opaque: what shows through is white, as A1111 has it. */
import { flatten } from '../../core/image/paste';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const loadImage: Implementation<'load_image'> = {
  run: oneByOne(({ settings }, context) =>
    Promise.resolve({ outputs: { image: { pixels: toRgba(flatten(fromPixels(context.image(settings.image)))) } } }),
  ),
};
