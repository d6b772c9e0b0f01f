/** A stroke of one colour laid on a picture that is seen through, or taken from it. */
import type { Box, Mask, Raster } from '../raster';
import { layLevels } from './alpha-composite';

/** Red, green and blue, 0…255, as the screen has them (sRGB). */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Stroke {
  /** How much of the colour is laid on, 0…255: of the stroke as it is by now, not of what is new in it. */
  mask: Mask;
  /** The colour; undefined: it erases. */
  colour: Colour | undefined;
}

/**
 * Within a box `to` becomes what stood there before the stroke with the stroke on it: to the byte as Pillow's `alpha_composite` with a
 * picture of the colour whose alpha is the stroke. The eraser multiplies alpha with what the stroke leaves, as `ImageChops.multiply`
 * does, which cuts off.
 */
export function layColour(to: Raster<4>, before: Raster<4>, { mask, colour }: Stroke, box: Box): void {
  const { left, top, right, bottom } = box;
  for (let row = top; row < bottom; row++)
    for (let at = row * to.width + left; at < row * to.width + right; at++) {
      const alpha = mask.data[at];
      if (alpha === 0) continue;
      const i = 4 * at;
      to.data[i] = before.data[i];
      to.data[i + 1] = before.data[i + 1];
      to.data[i + 2] = before.data[i + 2];
      to.data[i + 3] = colour ? before.data[i + 3] : Math.floor((before.data[i + 3] * (255 - alpha)) / 255);
      if (colour) layLevels(to.data, i, colour, 0, alpha);
    }
}
