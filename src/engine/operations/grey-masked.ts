/** A picture that is grey where it is to be repainted, and the mask grown beyond that. */
import { greyMasked, growByBox, wholeMask } from '../../core/image/masks/inpaint-mask';
import { cut, fromPixels, type Box, type Size } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const greyMaskedOperation: Implementation<'grey_masked'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image, mask } }) => {
    const given = fromPixels(image.pixels);
    const box = wholeCells(given);
    const picture = cut(given, box);
    const whole = cut(wholeMask(mask, given), box);
    return Promise.resolve({
      outputs: { image: { pixels: greyMasked(picture, whole) }, mask: growByBox(whole, settings.grow) },
    });
  }),
};

/** Cut about the middle to multiples of eight pixels, whatever the model, as ComfyUI cuts picture and mask. */
function wholeCells({ width, height }: Size): Box {
  const [left, top] = [width, height].map((side) => Math.floor((side % 8) / 2));
  return { left, top, right: left + width - (width % 8), bottom: top + height - (height % 8) };
}
