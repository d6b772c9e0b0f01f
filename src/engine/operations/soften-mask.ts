/** A mask made ready for its picture: of its size, turned round where the rest is to be repainted, blurred. */
import { AppError } from '../../core/errors';
import { opencvGaussian } from '../../core/image/blur';
import { invertMask, maskBounds } from '../../core/image/masks';
import { pillowResize } from '../../core/image/resample';
import type { Mask, Size } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const softenMask: Implementation<'soften_mask'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs }) => {
    const sized = ofSize(inputs.mask, inputs.image.pixels);
    const turned = settings.invertMask ? invertMask(sized) : sized;
    if (!maskBounds(turned)) throw new AppError('bad-request', nothingMasked(settings.invertMask));
    const { maskBlur: sigma } = settings;
    return Promise.resolve({ outputs: { mask: opencvGaussian(turned, { across: sigma, down: sigma }) } });
  }),
};

function ofSize(mask: Mask, { width, height }: Size): Mask {
  if (mask.width === width && mask.height === height) return mask;
  return pillowResize(mask, { width, height }, { filter: 'lanczos' });
}

const nothingMasked = (isInverted: boolean): string =>
  isInverted
    ? 'Nothing is left to repaint: the mask covers the whole picture, and “Inpaint not masked” is on.'
    : 'Nothing is masked: paint over what is to change, or remove the mask.';
