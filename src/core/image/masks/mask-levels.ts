/** What is done to every level of a mask by itself. */
import { raster, type Box, type Mask, type Raster } from '../raster';

/** A1111 takes for painted what is above this, ComfyUI and diffusers what is not below. */
const PAINTED_ABOVE = 128;

export function mapMask(mask: Mask, change: (level: number) => number): Mask {
  return raster(mask, 1, mask.data.map(change));
}

export function invertMask(mask: Mask): Mask {
  return mapMask(mask, (level) => 255 - level);
}

/** The mask with 255 above a level, and 0 up to it. */
export function roundMask(mask: Mask, above = PAINTED_ABOVE): Mask {
  return mapMask(mask, (level) => (level > above ? 255 : 0));
}

/** Doubles levels, for pasting back where the whole picture was painted anew: A1111 counts what is half masked as masked. */
export function doubleMask(mask: Mask): Mask {
  return mapMask(mask, (level) => Math.min(255, 2 * level));
}

/** What was painted with one colour on nothing, as a mask. */
export function alphaOf(picture: Raster<4>): Mask {
  return raster(
    picture,
    1,
    Uint8ClampedArray.from({ length: picture.data.length / 4 }, (_, i) => picture.data[4 * i + 3]),
  );
}

/** Brightness, as Pillow's `convert('L')` counts it: ITU-R 601-2 in 65,536ths, rounded. Alpha is left out. */
export function greyOf(picture: Raster<3 | 4>): Mask {
  const { channels, data } = picture;
  const grey = raster(picture, 1);
  for (let i = 0; i < grey.data.length; i++) {
    const at = channels * i;
    grey.data[i] = (19_595 * data[at] + 38_470 * data[at + 1] + 7471 * data[at + 2] + 0x8000) >> 16;
  }
  return grey;
}

/** The smallest box with all that is above 0; undefined where nothing is. */
export function maskBounds({ width, height, data }: Mask): Box | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), y + 1];
    }
  return right === 0 ? undefined : { left, top, right, bottom };
}

/** How much of the picture is masked, 0…1; half masked counts half. */
export function maskShare(mask: Mask): number {
  let sum = 0;
  for (const level of mask.data) sum += level; // several times as quick as reduce: it is asked after each stroke
  return sum / 255 / mask.data.length;
}
