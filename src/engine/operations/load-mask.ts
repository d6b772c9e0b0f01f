/** A mask that came with the workflow: white where to repaint, in levels of grey as Pillow makes them of colours. */
import { greyOf } from '../../core/image/masks';
import { fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const loadMask: Implementation<'load_mask'> = {
  run: oneByOne(({ settings }, context) =>
    Promise.resolve({ outputs: { mask: greyOf(fromPixels(context.image(settings.image))) } }),
  ),
};
