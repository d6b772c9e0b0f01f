/** A hint to the size that is painted. With a mask it is laid over the picture first, and what is painted of that cut out. */
import { fitHint as fitted } from '../../core/control/fit-hint';
import { cropToFit } from '../../core/image/geometry';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';
import { maskedBox } from './masked-box';

export const fitHint: Implementation<'fit_hint'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image, mask } }) => {
    const { width, height, mode } = settings;
    const hint = fromPixels(image.pixels);
    const box = mask && maskedBox(mask, settings);
    const pixels =
      mask && box
        ? cropToFit(fitted(hint, { width: mask.width, height: mask.height }, mode), box, { width, height })
        : fitted(hint, { width, height }, mode);
    return Promise.resolve({ outputs: { image: { pixels: toRgba(pixels) } } });
  }),
};
