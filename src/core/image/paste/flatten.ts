/** Pictures with holes: laid on a colour, or their holes as a mask. */
import { raster, type Mask, type Raster } from '../raster';
import { divide255 } from '../resample/premultiply';

export const WHITE = [255, 255, 255] as const;

/** Alpha is gone, in whole levels, as A1111 lays pictures on white. @see A1111 modules/images.py, flatten; Pillow's paste */
export function flatten(picture: Raster<4>, colour: readonly [number, number, number] = WHITE): Raster<3> {
  const to = raster(picture, 3);
  for (let i = 0; i < picture.width * picture.height; i++) {
    const alpha = picture.data[4 * i + 3];
    for (let c = 0; c < 3; c++)
      to.data[3 * i + c] = divide255(picture.data[4 * i + c] * alpha + colour[c] * (255 - alpha));
  }
  return to;
}

/** 255 where nothing is. @see ComfyUI nodes.py, LoadImage: 1 − alpha */
export function holesOf(picture: Raster<4>): Mask {
  return raster(
    picture,
    1,
    Uint8ClampedArray.from({ length: picture.data.length / 4 }, (_, i) => 255 - picture.data[4 * i + 3]),
  );
}

/** How much of the picture is missing, 0…1; half of a half-seen pixel. */
export function shareOfHoles(picture: Raster<4>): number {
  return holesOf(picture).data.reduce((sum, level) => sum + level, 0) / 255 / (picture.width * picture.height);
}
