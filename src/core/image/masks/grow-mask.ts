/** Masks that grow or shrink by a disc: the highest level, or the lowest, within so many pixels. Grey edges move along. */
import { raster, type Mask } from '../raster';
import { highestWithin } from './highest-within';
import { invertMask } from './mask-levels';

/** @param px whole pixels: positive grows, negative shrinks; the picture's own edge never eats into a mask */
export function growMask(mask: Mask, px: number): Mask {
  if (!Number.isInteger(px)) throw new RangeError(`A mask cannot grow by ${px} pixels: parts of pixels are none.`);
  if (px === 0) return raster(mask, 1, mask.data.slice());
  return px > 0 ? dilate(mask, px) : invertMask(dilate(invertMask(mask), -px));
}

/** A disc is a stack of lines: the highest along each, and of those the highest. */
function dilate(mask: Mask, radius: number): Mask {
  const { width, height } = mask;
  const to = raster(mask, 1, mask.data.slice());
  for (let dy = 0; dy <= radius; dy++) {
    const { data: lines } = highestWithin(mask, Math.floor(Math.sqrt(radius ** 2 - dy ** 2)));
    for (let y = 0; y < height; y++)
      for (const from of dy === 0 ? [y] : [y - dy, y + dy])
        if (from >= 0 && from < height)
          for (let x = 0; x < width; x++) {
            const level = lines[from * width + x];
            if (level > to.data[y * width + x]) to.data[y * width + x] = level;
          }
  }
  return to;
}
