/** A mask that came with the workflow: white where to repaint; grey as Pillow makes it of colours, or one of its channels. */
import { maskOf } from '../../core/image/masks/mask-channel';
import { fromPixels } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const loadMask: Implementation<'load_mask'> = {
  run: oneByOne(({ settings: { image, channel } }, context) =>
    Promise.resolve({ outputs: { mask: maskOf(fromPixels(context.image(image)), channel) } }),
  ),
};
