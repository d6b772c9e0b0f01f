/** Small drawings of a few shapes, the same to the byte in every browser: what somebody might have drawn. */
import { raster, type Raster, type Size } from '../../../core/image/raster';

type Colour = readonly [red: number, green: number, blue: number];
type Point = readonly [x: number, y: number];

/** A shape over what was drawn before it, in pixels. */
export type Shape =
  | { kind: 'box'; from: Point; to: Point; colour: Colour }
  | { kind: 'disc'; at: Point; radius: Point; colour: Colour }
  | { kind: 'corners'; of: readonly Point[]; colour: Colour }
  | { kind: 'line'; through: readonly Point[]; width: number; colour: Colour };

export const WHITE: Colour = [255, 255, 255];
export const BLACK: Colour = [0, 0, 0];

/** Opaque; edges of a pixel's width. */
export function drawn(size: Size, ground: Colour, shapes: readonly Shape[]): Raster<4> {
  const to = raster(size, 4);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const i = 4 * (y * size.width + x);
      let colour = ground;
      for (const shape of shapes) {
        const cover = Math.min(1, Math.max(0, 0.5 - distance(shape, [x + 0.5, y + 0.5])));
        const under = colour;
        if (cover > 0)
          colour = [0, 1, 2].map((c) => under[c] + (shape.colour[c] - under[c]) * cover) as unknown as Colour;
      }
      to.data.set([...colour, 255], i);
    }
  return to;
}

/** Pixels from the edge, below 0 within. */
function distance(shape: Shape, [x, y]: Point): number {
  switch (shape.kind) {
    case 'box':
      return Math.max(shape.from[0] - x, x - shape.to[0], shape.from[1] - y, y - shape.to[1]);
    case 'disc': {
      const [rx, ry] = shape.radius;
      return (Math.hypot((x - shape.at[0]) / rx, (y - shape.at[1]) / ry) - 1) * Math.min(rx, ry);
    }
    case 'line':
      return Math.min(...pairs(shape.through).map(([a, b]) => toStretch([x, y], a, b))) - shape.width / 2;
    case 'corners': {
      const edges = pairs([...shape.of, shape.of[0]]);
      const away = Math.min(...edges.map(([a, b]) => toStretch([x, y], a, b)));
      const crossed = edges.filter(
        ([[ax, ay], [bx, by]]) => ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax),
      );
      return crossed.length % 2 === 1 ? -away : away;
    }
  }
}

const pairs = (points: readonly Point[]): [Point, Point][] => points.slice(1).map((point, i) => [points[i], point]);

/** Distance from the line between two points. */
function toStretch([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
