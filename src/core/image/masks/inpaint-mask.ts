/** A mask as ComfyUI's "VAE Encode (for Inpainting)" takes it: whole, and grown by a box. @see ComfyUI nodes.py VAEEncodeForInpaint */
import { raster, type Mask, type Raster, type Size } from '../raster';
import { interpolate } from '../resample';

/** The mask in the picture's size, 0 or 255. */
export function wholeMask(mask: Mask, size: Size): Mask {
  const unit = Float32Array.from(mask.data, (level) => level / 255);
  const isSame = mask.width === size.width && mask.height === size.height;
  const sized = isSame ? unit : interpolate(unit, mask, size, { mode: 'bilinear' });
  return raster(
    size,
    1,
    Uint8ClampedArray.from(sized, (value) => (value > 0.5 ? 255 : 0)),
  );
}

/** @param side  of the box in pixels; even ones reach one further to the left and up; 0 and 1 grow nothing */
export function growByBox(mask: Mask, side: number): Mask {
  if (side <= 1) return mask;
  const back = Math.ceil((side - 1) / 2);
  const { width, height } = mask;
  const across = slide(mask.data, { lines: height, length: width, stride: 1, next: width }, { back, side });
  const all = slide(across, { lines: width, length: height, stride: width, next: 1 }, { back, side });
  return raster(mask, 1, all);
}

/** Along each line the highest of a window that begins `back` before. */
function slide(
  data: Uint8ClampedArray<ArrayBuffer>,
  { lines, length, stride, next }: { lines: number; length: number; stride: number; next: number },
  { back, side }: { back: number; side: number },
): Uint8ClampedArray<ArrayBuffer> {
  const to = new Uint8ClampedArray(data.length);
  for (let line = 0; line < lines; line++) {
    let last = -Infinity; // place of the last that is set
    let ahead = 0;
    for (let i = 0; i < length; i++) {
      for (const end = Math.min(length, i - back + side); ahead < end; ahead++)
        if (data[line * next + ahead * stride] > 0) last = ahead;
      if (last >= i - back) to[line * next + i * stride] = 255;
    }
  }
  return to;
}

/** The picture with grey where it is masked. */
export function greyMasked(picture: Raster<4>, mask: Mask): Raster<4> {
  const to = raster(picture, 4, picture.data.slice());
  mask.data.forEach((level, i) => {
    if (level > 0) to.data.fill(GREY, 4 * i, 4 * i + 3);
  });
  return to;
}

/** A half is 127.5, which no byte is. */
const GREY = 128;
