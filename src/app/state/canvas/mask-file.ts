/** A mask that another program made. */
import { alphaOf, greyOf } from '../../../core/image/masks';
import { orient } from '../../../core/image/paste';
import { pillowResize } from '../../../core/image/resample';
import { fromPixels, type Mask, type Raster, type Size } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { readStartPicture } from '../start/read-start-picture';
import { UPRIGHT, webpTurn } from '../start/webp-turn';

/** How bright it is; where it is seen through anywhere, how opaque. @throws AppError 'bad-file' in one sentence */
export async function readMaskFile(file: File, size: Size): Promise<Mask> {
  const { pixels } = await readStartPicture(file);
  const alpha = await alphaOfFile(file);
  return fitMask(alpha ?? greyOf(fromPixels(pixels)), size);
}

/** How bright it is, at another size. */
export const maskFrom = (pixels: Pixels, size: Size): Mask => fitMask(greyOf(fromPixels(pixels)), size);

function fitMask(mask: Mask, { width, height }: Size): Mask {
  if (mask.width === width && mask.height === height) return mask;
  return pillowResize(mask, { width, height }, { filter: 'lanczos' });
}

/** Undefined where nothing is seen through. */
async function alphaOfFile(file: File): Promise<Raster<1> | undefined> {
  const bitmap = await createImageBitmap(file, UPRIGHT);
  try {
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) return undefined;
    context.drawImage(bitmap, 0, 0);
    const alpha = alphaOf(fromPixels(context.getImageData(0, 0, bitmap.width, bitmap.height)));
    return alpha.data.every((level) => level === 255) ? undefined : orient(alpha, await webpTurn(file));
  } finally {
    bitmap.close();
  }
}
