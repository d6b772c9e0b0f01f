/** The part of a picture that ComfyUI's nodes cut out for a tile: around its mask before that is blurred. @see ssitu/ComfyUI_UltimateSDUpscale, usdu_utils.py */
import { roundHalfEven } from '../math/round-half-even';
import type { Box, Size } from '../image/raster';

export interface TileCrop {
  box: Box;
  /** What it is resized to for the model. */
  size: Size;
}

/**
 * @param masked  bounds of the mask
 * @param isUniform  every tile is painted at the target's size; else at its own, in whole steps of 8
 */
export function cropTile(
  masked: Box,
  { picture, target, padding, isUniform }: { picture: Size; target: Size; padding: number; isUniform: boolean },
): TileCrop {
  const padded = {
    left: Math.max(0, masked.left - padding),
    top: Math.max(0, masked.top - padding),
    right: Math.min(picture.width, masked.right + padding),
    bottom: Math.min(picture.height, masked.bottom + padding),
  };
  // Rectangles are drawn a pixel too large: it is taken away where the picture goes on.
  const box = {
    ...padded,
    right: padded.right < picture.width ? padded.right - 1 : padded.right,
    bottom: padded.bottom < picture.height ? padded.bottom - 1 : padded.bottom,
  };
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const wanted = isUniform ? ofShape({ width, height }, target) : { width: upTo8(width), height: upTo8(height) };
  const [left, right] = widen(box.left, box.right, wanted.width, picture.width);
  const [top, bottom] = widen(box.top, box.bottom, wanted.height, picture.height);
  return { box: { left, top, right, bottom }, size: isUniform ? target : wanted };
}

const upTo8 = (side: number): number => Math.ceil(side / 8) * 8;

/** The smallest of the target's shape that holds it. */
function ofShape({ width, height }: Size, target: Size): Size {
  const ratio = target.width / target.height;
  return width / height > ratio
    ? { width, height: roundHalfEven(width / ratio) }
    : { width: roundHalfEven(height * ratio), height };
}

/** To the right by half of what is missing, then to the left, then to the right again, as far as the picture goes. */
function widen(from: number, to: number, length: number, end: number): [from: number, to: number] {
  let last = Math.min(to + Math.floor((length - (to - from)) / 2), end);
  const first = Math.max(from - (length - (last - from)), 0);
  last = Math.min(last + length - (last - first), end);
  return [first, last];
}
