/** What is around a mask flows into it, so that repainting begins with its colours: A1111's masked content `fill`. */
import { fillMasked } from '../../core/image/masks';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const fillMaskedOperation: Implementation<'fill_masked'> = {
  isKept: true,
  run: oneByOne(({ inputs: { image, mask } }) =>
    Promise.resolve({ outputs: { image: { pixels: toRgba(fillMasked(fromPixels(image.pixels), mask)) } } }),
  ),
};
