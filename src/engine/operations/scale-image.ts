/** A picture to another size, as ComfyUI's nodes count it. */
import { centreBox, scaledSize } from '../../core/image/geometry/scaled-size';
import { scalePicture } from '../../core/image/resample/scale-picture';
import { cut, fromPixels, toRgba } from '../../core/image/raster';
import { assertRoom } from '../../core/image/room';
import { oneByOne, type Implementation } from './implementation';

export const scaleImage: Implementation<'scale_image'> = {
  run: oneByOne(({ settings, inputs: { image } }) => {
    const picture = fromPixels(image.pixels);
    const to = scaledSize(picture, settings);
    assertRoom(to);
    const part = settings.crop === 'center' ? cut(picture, centreBox(picture, to)) : picture;
    return Promise.resolve({ outputs: { image: { pixels: toRgba(scalePicture(part, to, settings.mode)) } } });
  }),
};
