/** Areas that are laid on a mask at once: rectangles, and what a line encloses. */
import type { Box, Mask } from '../../../core/image/raster';
import { within, type Point } from './brush';

/** @returns what has changed; undefined where it is outside */
export function paintBox(mask: Mask, box: Box, level: number): Box | undefined {
  const inside = within(box, mask);
  if (!inside) return undefined;
  for (let row = inside.top; row < inside.bottom; row++)
    mask.data.fill(level, row * mask.width + inside.left, row * mask.width + inside.right);
  return inside;
}

/** The box with two points for corners, in whole pixels. */
export function boxBetween(a: Point, b: Point): Box {
  return {
    left: Math.round(Math.min(a.x, b.x)),
    top: Math.round(Math.min(a.y, b.y)),
    right: Math.round(Math.max(a.x, b.x)),
    bottom: Math.round(Math.max(a.y, b.y)),
  };
}

/**
 * Pixels whose middle lies inside the line, which closes by itself; where it encloses something twice, that is inside too.
 * @returns what has changed; undefined where it is outside, or encloses nothing
 */
export function paintPolygon(mask: Mask, points: readonly Point[], level: number): Box | undefined {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const around = {
    left: Math.floor(Math.min(...xs)),
    top: Math.floor(Math.min(...ys)),
    right: Math.ceil(Math.max(...xs)),
    bottom: Math.ceil(Math.max(...ys)),
  };
  const box = points.length < 3 ? undefined : within(around, mask);
  if (!box) return undefined;
  for (let row = box.top; row < box.bottom; row++)
    for (const [from, to] of spans(points, row + 0.5)) {
      const first = Math.max(box.left, Math.ceil(from - 0.5));
      const end = Math.min(box.right, Math.ceil(to - 0.5));
      if (first < end) mask.data.fill(level, row * mask.width + first, row * mask.width + end);
    }
  return box;
}

/** Where a level line is inside: from x to x. A line drawn around twice counts once. */
function spans(points: readonly Point[], y: number): [number, number][] {
  const crossings = points
    .flatMap((a, i) => {
      const b = points[(i + 1) % points.length];
      if (a.y <= y === b.y <= y) return [];
      return [{ x: a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y), turn: a.y < b.y ? 1 : -1 }];
    })
    .sort((a, b) => a.x - b.x);
  const found: [number, number][] = [];
  let winding = 0;
  for (const [i, { x, turn }] of crossings.entries()) {
    if (winding !== 0) found.push([crossings[i - 1].x, x]);
    winding += turn;
  }
  return found;
}

/** The smallest box that holds both. */
export function boxAround(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
