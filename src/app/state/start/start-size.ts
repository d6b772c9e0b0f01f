/** The size to paint at in the shape of another picture. */
import type { SizeLimits } from '../../../core/recipe/size-limits';

interface Extent {
  width: number;
  height: number;
}

/** Pictures may have so much more than the model likes: as most people make them larger. */
const MOST_OF_NATIVE = 1.5;

/**
 * What the model can paint that comes nearest to the picture's own size, or to its shape where it is much larger than what the model
 * likes.
 */
export function startSize(picture: Extent, native: Extent, { min, max, step }: SizeLimits): Extent {
  const most = native.width * native.height * MOST_OF_NATIVE;
  const area = picture.width * picture.height;
  const long = Math.max(picture.width, picture.height);
  const isMuch = area > most || long > max;
  const scale = isMuch ? Math.min(Math.sqrt((native.width * native.height) / area), max / long) : 1;
  // A side that is too short takes the other with it.
  const least = Math.max(scale, min / Math.min(picture.width, picture.height));
  const side = (pixels: number): number =>
    Math.min(
      Math.floor(max / step) * step,
      Math.max(Math.ceil(min / step) * step, Math.round((pixels * least) / step) * step),
    );
  return { width: side(picture.width), height: side(picture.height) };
}
