/** What graphs make of masks, and masks of pictures. */
import { AppError } from '../../core/errors';
import { changeMask } from '../../core/image/masks/change-mask';
import { composeMasks, featherMask } from '../../core/image/masks/compose-masks';
import { maskOf } from '../../core/image/masks/mask-channel';
import { cut, fromPixels, raster, toRgba, type Mask } from '../../core/image/raster';
import { assertRoom } from '../../core/image/room';
import { oneByOne, type Implementation } from './implementation';

const done = (mask: Mask) => Promise.resolve({ outputs: { mask } });

export const solidMask: Implementation<'solid_mask'> = {
  run: oneByOne(({ settings: { level, ...size } }) => {
    assertRoom(size);
    const mask = raster(size, 1);
    mask.data.fill(Math.round(255 * level));
    return done(mask);
  }),
};

export const maskToImage: Implementation<'mask_to_image'> = {
  run: oneByOne(({ inputs: { mask } }) => Promise.resolve({ outputs: { image: { pixels: toRgba(mask) } } })),
};

export const imageToMask: Implementation<'image_to_mask'> = {
  run: oneByOne(({ settings: { channel, colour }, inputs: { image } }) => {
    const picture = fromPixels(image.pixels);
    if (channel !== 'colour') return done(maskOf(picture, channel));
    const mask = raster(picture, 1);
    for (let i = 0; i < mask.data.length; i++) {
      const [red, green, blue] = picture.data.subarray(4 * i);
      mask.data[i] = ((red << 16) | (green << 8) | blue) === colour ? 255 : 0;
    }
    return done(mask);
  }),
};

export const changeMaskOperation: Implementation<'change_mask'> = {
  isKept: true,
  run: oneByOne(({ settings: { how, amount }, inputs: { mask } }) => done(changeMask(mask, how, amount))),
};

export const cropMask: Implementation<'crop_mask'> = {
  run: oneByOne(({ settings: { x, y, width, height }, inputs: { mask } }) => {
    const [right, bottom] = [Math.min(mask.width, x + width), Math.min(mask.height, y + height)];
    if (right > x && bottom > y) return done(cut(mask, { left: x, top: y, right, bottom }));
    throw new AppError('bad-request', `Nothing is left of a mask that is cropped at ${x}, ${y}.`);
  }),
};

export const featherMaskOperation: Implementation<'feather_mask'> = {
  run: oneByOne(({ settings, inputs: { mask } }) => done(featherMask(mask, settings))),
};

export const composeMasksOperation: Implementation<'compose_masks'> = {
  run: oneByOne(({ settings: { how, x, y }, inputs: { to, from } }) => done(composeMasks(to, from, how, { x, y }))),
};
