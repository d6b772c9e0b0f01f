/** The part of a picture that is painted where only the masked area is to be. @see A1111 modules/masking.py, get_crop_region and expand_crop_region */
import type { Box, Size } from '../raster';

export interface CropOptions {
  picture: Size;
  /** What the model paints: the box comes as near to its shape as the picture lets it. */
  target: Size;
  /** Pixels around the mask that the model sees. */
  padding: number;
}

/** @param masked maskBounds of the mask, blurred already */
export function cropAround(masked: Box, { picture, target, padding }: CropOptions): Box {
  const box = {
    left: Math.max(0, masked.left - padding),
    top: Math.max(0, masked.top - padding),
    right: Math.min(picture.width, masked.right + padding),
    bottom: Math.min(picture.height, masked.bottom + padding),
  };
  const [width, height, wanted] = [box.right - box.left, box.bottom - box.top, target.width / target.height];
  if (width / height > wanted) {
    const [top, bottom] = widen(box.top, box.bottom, { by: Math.trunc(width / wanted - height), end: picture.height });
    return { ...box, top, bottom };
  }
  const [left, right] = widen(box.left, box.right, { by: Math.trunc(height * wanted - width), end: picture.width });
  return { ...box, left, right };
}

/** Widens a range to both sides alike; what goes over one end is added at the other, what goes over that too is cut off. */
function widen(from: number, to: number, { by, end }: { by: number; end: number }): [from: number, to: number] {
  const before = Math.floor(by / 2);
  let [first, last] = [from - before, to + by - before];
  if (last >= end) [first, last] = [first - (last - end), end];
  if (first < 0) [first, last] = [0, Math.min(end, last - first)];
  return [first, last];
}
