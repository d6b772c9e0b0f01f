/** Room around a picture, to be painted. @see ComfyUI nodes.py ImagePadForOutpaint */
import { put, raster, type Mask, type Raster } from '../raster';

export interface Sides {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A half is 127.5, which no byte is: cut off as where it is saved. */
const GREY = 127;

/** Grey around it, and a mask of that which fades within `feathering` pixels of the picture, where that is wide enough. */
export function padPicture(picture: Raster<3>, sides: Sides, feathering: number): { image: Raster<3>; mask: Mask } {
  const { width, height } = picture;
  const size = { width: sides.left + width + sides.right, height: sides.top + height + sides.bottom };
  const image = raster(size, 3);
  image.data.fill(GREY);
  put(image, picture, sides.left, sides.top);
  const mask = raster(size, 1);
  mask.data.fill(255);
  put(mask, fading(picture, sides, feathering), sides.left, sides.top);
  return { image, mask };
}

function fading({ width, height }: Raster, sides: Sides, feathering: number): Mask {
  const mask = raster({ width, height }, 1);
  if (feathering <= 0 || 2 * feathering >= height || 2 * feathering >= width) return mask;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const distance = Math.min(
        sides.top === 0 ? height : y,
        sides.bottom === 0 ? height : height - y,
        sides.left === 0 ? width : x,
        sides.right === 0 ? width : width - x,
      );
      if (distance < feathering) mask.data[y * width + x] = 255 * ((feathering - distance) / feathering) ** 2;
    }
  return mask;
}
