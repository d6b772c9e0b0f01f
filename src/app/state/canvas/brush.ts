/** What a round brush leaves along a line. Everything in pixels of the picture; a pixel's middle is at its half. */
import type { Box, Mask, Size } from '../../../core/image/raster';

export interface Point {
  x: number;
  y: number;
}

/** A place of the brush on its way. */
export interface Touch extends Point {
  /** The brush's radius at this place, in pixels: the lighter a pen is pressed, the smaller. */
  radius: number;
}

export interface Brush {
  /** 0: a hard edge. 1: from the middle outward it becomes nothing. */
  softness: number;
  /** The level that it brings, or with `erases` leaves behind, where it is whole: 0…255. */
  level: number;
  erases: boolean;
}

/**
 * Lays the brush along the way from one place to the next. Within one line and from line to line nothing adds up: a stroke that
 * crosses itself looks as if it did not.
 * @returns what has changed; undefined where it is outside
 */
export function paintLine(mask: Mask, from: Touch, to: Touch, brush: Brush): Box | undefined {
  const box = lineBox(mask, from, to);
  if (!box) return undefined;
  const { data, width } = mask;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length2 = dx * dx + dy * dy;
  for (let row = box.top; row < box.bottom; row++)
    for (let column = box.left; column < box.right; column++) {
      const at = row * width + column;
      if (data[at] === brush.level) continue; // the brush brings no more: within a stroke that goes on, most pixels
      const [x, y] = [column + 0.5 - from.x, row + 0.5 - from.y];
      const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length2));
      const radius = from.radius + along * (to.radius - from.radius);
      const share = coverage(Math.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2), radius, brush.softness);
      data[at] = brush.erases
        ? Math.min(data[at], 255 - share * (255 - brush.level))
        : Math.max(data[at], share * brush.level);
    }
  return box;
}

/** @returns 0…1: at the edge of a hard brush it passes over one pixel */
function coverage(distance: number, radius: number, softness: number): number {
  const fade = 1 + softness * radius;
  return Math.min(1, Math.max(0, (radius + 0.5 - distance) / fade));
}

function lineBox({ width, height }: Size, from: Touch, to: Touch): Box | undefined {
  const reach = Math.max(from.radius, to.radius) + 1;
  return within(
    {
      left: Math.floor(Math.min(from.x, to.x) - reach),
      top: Math.floor(Math.min(from.y, to.y) - reach),
      right: Math.ceil(Math.max(from.x, to.x) + reach),
      bottom: Math.ceil(Math.max(from.y, to.y) + reach),
    },
    { width, height },
  );
}

/** What of a box lies in the picture; undefined where nothing does. */
export function within(box: Box, { width, height }: Size): Box | undefined {
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
  const [right, bottom] = [Math.min(width, box.right), Math.min(height, box.bottom)];
  return left < right && top < bottom ? { left, top, right, bottom } : undefined;
}
