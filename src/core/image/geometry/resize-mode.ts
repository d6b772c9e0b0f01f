/**
 * A picture made to fit a size, in A1111's three ways; the fourth, of latents, is interpolate's.
 *
 * @see A1111 modules/images.py, resize_image. All divisions there are of whole numbers, rounded down.
 */
import { cut, put, raster, type Box, type Channels, type Raster, type Size } from '../raster';
import { pillowResize, type FilterId } from '../resample';

/** Each mode stands at the number that A1111 gives it. */
export const RESIZE_MODES = ['just_resize', 'crop_and_resize', 'resize_and_fill'] as const;
export type ResizeMode = (typeof RESIZE_MODES)[number];

export interface Placement {
  /** What the picture is resized to. */
  inner: Size;
  /** Where it comes to lie in the new one: negative where it is cropped. */
  x: number;
  y: number;
}

/** Sides are 1 at least, where A1111 fails: of pictures many times as long as wide. */
export function placeIn(from: Size, { width, height }: Size, mode: ResizeMode): Placement {
  if (mode === 'just_resize') return { inner: { width, height }, x: 0, y: 0 };
  const [wanted, there] = [width / height, from.width / from.height];
  const isCrop = mode === 'crop_and_resize';
  const isWide = isCrop ? wanted > there : wanted < there;
  const isHigh = isCrop ? wanted <= there : wanted >= there;
  const inner = {
    width: isWide ? width : Math.max(1, Math.floor((from.width * height) / from.height)),
    height: isHigh ? height : Math.max(1, Math.floor((from.height * width) / from.width)),
  };
  return { inner, x: half(width) - half(inner.width), y: half(height) - half(inner.height) };
}

const half = (side: number): number => Math.floor(side / 2);

export function resizeToFit<C extends Channels>(
  picture: Raster<C>,
  size: Size,
  { mode, filter = 'lanczos' }: { mode: ResizeMode; filter?: FilterId },
): Raster<C> {
  const { inner, x, y } = placeIn(picture, size, mode);
  return layInto(pillowResize(picture, inner, { filter }), size, { x, y });
}

export function cropAndResize<C extends Channels>(picture: Raster<C>, size: Size): Raster<C> {
  return resizeToFit(picture, size, { mode: 'crop_and_resize' });
}

/**
 * A resized picture at its place, whoever resized it: cropped where it is larger, with bars where it is smaller.
 *
 * Bars go to the edge also where sizes are odd; A1111 leaves one line black there.
 */
export function layInto<C extends Channels>(
  picture: Raster<C>,
  size: Size,
  { x, y }: { x: number; y: number },
): Raster<C> {
  const to = put(raster(size, picture.channels), picture, x, y);
  const { width, height } = picture;
  const right = { left: width, top: 0, right: width, bottom: height };
  const bottom = { left: 0, top: height, right: width, bottom: height };
  putBar(to, picture, { from: { ...right, left: 0, right: 0 }, x: 0, y, width: x, height });
  putBar(to, picture, { from: right, x: x + width, y, width: size.width - x - width, height });
  putBar(to, picture, { from: { ...bottom, top: 0, bottom: 0 }, x, y: 0, width, height: y });
  putBar(to, picture, { from: bottom, x, y: y + height, width, height: size.height - y - height });
  return to;
}

interface Bar extends Size {
  /** A box of no width or no height at the edge: each line of the bar is what bicubic finds there. */
  from: Box;
  x: number;
  y: number;
}

function putBar<C extends Channels>(to: Raster<C>, picture: Raster<C>, { from, x, y, width, height }: Bar): void {
  if (width <= 0 || height <= 0) return;
  put(to, pillowResize(picture, { width, height }, { filter: 'bicubic', box: from }), x, y);
}

/** The part of a picture that a box holds, made to fit a size, with bars where the box has another shape. */
export function cropToFit<C extends Channels>(picture: Raster<C>, box: Box, size: Size): Raster<C> {
  return resizeToFit(cut(picture, box), size, { mode: 'resize_and_fill' });
}
