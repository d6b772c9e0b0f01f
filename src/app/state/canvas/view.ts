/** Where a picture lies in its room: CSS pixels = picture pixels · scale + offset. */
import type { Box, Size } from '../../../core/image/raster';
import type { Point } from './brush';

export interface View {
  scale: number;
  x: number;
  y: number;
}

/** CSS pixels around a picture that fits. */
const MARGIN = 16;
/** So much larger than one picture pixel a CSS pixel, and so much smaller. */
const MOST_SCALE = 32;
const LEAST_OF_FIT = 0.5;
/** So much of the picture stays in the room, in CSS pixels. */
const STAYS = 48;
/** Pixels about one that its colour is mixed with where it is shown. */
const SMOOTHED = 2;

/** The picture in the middle of its room, as large as it fits. */
export function fitView(picture: Size, room: Size): View {
  const across = Math.max(1, room.width - 2 * MARGIN) / picture.width;
  const down = Math.max(1, room.height - 2 * MARGIN) / picture.height;
  const scale = Math.min(MOST_SCALE, across, down);
  return { scale, x: (room.width - picture.width * scale) / 2, y: (room.height - picture.height * scale) / 2 };
}

export function toPicture({ scale, x, y }: View, point: Point): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** Where a part of the picture is seen, with what its edges are smoothed with. */
export function toRoom({ scale, x, y }: View, { left, top, right, bottom }: Box): Box {
  const edge = Math.max(1, scale) * SMOOTHED;
  return {
    left: left * scale + x - edge,
    top: top * scale + y - edge,
    right: right * scale + x + edge,
    bottom: bottom * scale + y + edge,
  };
}

/** What of the picture is within a box of device pixels, and what its edges are smoothed with. */
export function fromRoom(view: View, { left, top, right, bottom }: Box, density: number): Box {
  const edge = SMOOTHED * Math.max(1, 1 / (view.scale * density));
  const from = toPicture(view, { x: left / density, y: top / density });
  const to = toPicture(view, { x: right / density, y: bottom / density });
  return { left: from.x - edge, top: from.y - edge, right: to.x + edge, bottom: to.y + edge };
}

/** What is at the point stays there. */
export function zoomAt(view: View, point: Point, factor: number, picture: Size, room: Size): View {
  const fit = fitView(picture, room).scale;
  const scale = Math.min(MOST_SCALE, Math.max(fit * LEAST_OF_FIT, view.scale * factor));
  const at = toPicture(view, point);
  return inRoom({ scale, x: point.x - at.x * scale, y: point.y - at.y * scale }, picture, room);
}

export function panBy(view: View, by: Point, picture: Size, room: Size): View {
  return inRoom({ ...view, x: view.x + by.x, y: view.y + by.y }, picture, room);
}

/** A picture cannot be lost outside. */
function inRoom({ scale, x, y }: View, picture: Size, room: Size): View {
  const keep = (offset: number, side: number, has: number): number =>
    Math.min(has - STAYS, Math.max(STAYS - side * scale, offset));
  return { scale, x: keep(x, picture.width, room.width), y: keep(y, picture.height, room.height) };
}
