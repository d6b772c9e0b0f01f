/** Puts a picture beside another, or into the middle of a coloured frame. @see ComfyUI comfy_extras/nodes_images.py ImageStitch, ResizeAndPadImage */
import { assertRoom } from '../room';
import { put, raster, toRgb, type Raster, type Size } from '../raster';
import type { InterpolateMode } from '../resample';
import { scalePicture } from '../resample/scale-picture';
import type { STITCH_COLOURS, STITCH_SIDES } from './stitch-choices';

export interface Stitching {
  /** Where the second stands, seen from the first. */
  side: (typeof STITCH_SIDES)[number];
  /** Resizes the second picture so that the sides that touch are equally long. */
  matches: boolean;
  /** Pixels between them; an odd number is rounded up to an even one. */
  spacing: number;
  colour: (typeof STITCH_COLOURS)[number];
}

const COLOURS: Readonly<Record<Stitching['colour'], readonly [number, number, number]>> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
};

const isAcross = (side: Stitching['side']): boolean => side === 'left' || side === 'right';

/** Size of the second where it is made to fit the first. */
function matched(first: Size, second: Size, side: Stitching['side']): Size {
  const shape = second.width / second.height;
  return isAcross(side)
    ? { width: Math.trunc(first.height * shape), height: first.height }
    : { width: first.width, height: Math.trunc(first.width / shape) };
}

/** Size of the result, and of the second picture in it. */
export function stitchedSize(first: Size, second: Size, how: Stitching): Size & { second: Size } {
  const fitted = how.matches ? matched(first, second, how.side) : { width: second.width, height: second.height };
  const gap = how.spacing + (how.spacing % 2);
  return isAcross(how.side)
    ? { width: first.width + gap + fitted.width, height: Math.max(first.height, fitted.height), second: fitted }
    : { width: Math.max(first.width, fitted.width), height: first.height + gap + fitted.height, second: fitted };
}

/** @throws AppError 'bad-request' where the result would be too large, or the second picture would have no pixel left */
export function stitchPictures(first: Raster<4>, second: Raster<4>, how: Stitching): Raster<3> {
  const { second: fitted, ...whole } = stitchedSize(first, second, how);
  assertRoom(fitted);
  assertRoom(whole);
  const isSame = fitted.width === second.width && fitted.height === second.height;
  const one = toRgb(first);
  const other = isSame ? toRgb(second) : scalePicture(second, fitted, 'lanczos');
  const [before, behind] = how.side === 'left' || how.side === 'up' ? [other, one] : [one, other];
  const to = raster(whole, 3);
  // Beside the smaller of the two the canvas is white; with any other spacing colour it is black.
  if (how.colour === 'white') to.data.fill(255);
  if (how.spacing > 0) fillGap(to, before, how);
  const middle = (room: number, side: number): number => Math.floor((room - side) / 2);
  if (isAcross(how.side)) {
    put(to, before, 0, middle(whole.height, before.height));
    return put(to, behind, whole.width - behind.width, middle(whole.height, behind.height));
  }
  put(to, before, middle(whole.width, before.width), 0);
  return put(to, behind, middle(whole.width, behind.width), whole.height - behind.height);
}

function fillGap(to: Raster<3>, before: Size, { side, spacing, colour }: Stitching): void {
  const gap = spacing + (spacing % 2);
  const [x, y, width, height] = isAcross(side) ? [before.width, 0, gap, to.height] : [0, before.height, to.width, gap];
  const line = raster({ width, height }, 3);
  const levels = COLOURS[colour];
  put(to, { ...line, data: line.data.map((_, i) => levels[i % 3]) }, x, y);
}

/** A picture scaled to fit within a frame and centred in it. @throws AppError 'bad-request' where nothing would be left of it */
export function framedPicture(
  picture: Raster<4>,
  frame: Size,
  { mode, isWhite }: { mode: InterpolateMode | 'lanczos'; isWhite: boolean },
): Raster<3> {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const size = { width: Math.trunc(picture.width * scale), height: Math.trunc(picture.height * scale) };
  assertRoom(size);
  assertRoom(frame);
  const to = raster({ width: frame.width, height: frame.height }, 3);
  if (isWhite) to.data.fill(255);
  const [x, y] = [Math.floor((frame.width - size.width) / 2), Math.floor((frame.height - size.height) / 2)];
  return put(to, scalePicture(picture, size, mode), x, y);
}
