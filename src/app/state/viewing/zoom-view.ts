/** Where a picture lies in its room: CSS pixels = picture pixels · scale + offset. Smaller than the room it stays in the middle. */
import type { Point } from '../canvas/brush';
import { toPicture, type View } from '../canvas/view';
import type { Extent } from '../pictures/view';

/** The largest scale: CSS pixels for one pixel of the picture. */
export const MOST_SCALE = 32;

/** The view at another `scale`, with the same point in the middle. */
export function centred(scale: number, picture: Extent, room: Extent): View {
  return { scale, x: (room.width - picture.width * scale) / 2, y: (room.height - picture.height * scale) / 2 };
}

/** Moves the view so that a picture larger than the room covers all of it. */
export function heldIn({ scale, x, y }: View, picture: Extent, room: Extent): View {
  const keep = (offset: number, side: number, has: number): number =>
    side <= has ? (has - side) / 2 : Math.min(0, Math.max(has - side, offset));
  return {
    scale,
    x: keep(x, picture.width * scale, room.width),
    y: keep(y, picture.height * scale, room.height),
  };
}

/** What is at the point stays there, as far as `heldIn` lets it. @param scale  wanted */
export function scaledAt(view: View, point: Point, scale: number, picture: Extent, room: Extent): View {
  const at = toPicture(view, point);
  return heldIn({ scale, x: point.x - at.x * scale, y: point.y - at.y * scale }, picture, room);
}

export function isLarger(scale: number, picture: Extent, room: Extent): boolean {
  // Rounding to whole pixels is no reason to move anything.
  return picture.width * scale > room.width + 1 || picture.height * scale > room.height + 1;
}
