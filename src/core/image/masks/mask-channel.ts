/** What of a picture's pixels is the mask. */
import { raster, type Mask, type Raster } from '../raster';
import { alphaOf, greyOf, invertMask } from './mask-levels';

export const MASK_CHANNELS = ['grey', 'red', 'green', 'blue', 'hidden'] as const;
export type MaskChannel = (typeof MASK_CHANNELS)[number];

const COLOURS: readonly MaskChannel[] = ['red', 'green', 'blue'];

/** `hidden`: white where the picture shows nothing. */
export function maskOf(picture: Raster<4>, channel: MaskChannel): Mask {
  if (channel === 'grey') return greyOf(picture);
  if (channel === 'hidden') return invertMask(alphaOf(picture));
  const at = COLOURS.indexOf(channel);
  const mask = raster(picture, 1);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = picture.data[4 * i + at];
  return mask;
}
