/** Filled ellipses and discs as OpenCV draws them without smoothing, to the pixel. @see OpenCV 4.10 modules/imgproc/src/drawing.cpp */
import type { Raster } from '../image/raster';
import { roundHalfEven } from '../math/round-half-even';

interface Point {
  x: number;
  y: number;
}

type Colour = readonly [number, number, number];

const f = Math.fround;

/** OpenCV has a table of seven digits, in float32. */
const sine = (degrees: number): number => f(Math.round(Math.sin((degrees * Math.PI) / 180) * 1e7) / 1e7);
const cosine = (degrees: number): number => sine(450 - degrees);

/** Corners of an ellipse at whole degrees, in whole pixels, none twice in a row. */
export function ellipsePolygon(centre: Point, axes: { across: number; down: number }, degrees: number): Point[] {
  const turn = ((degrees % 360) + 360) % 360;
  const [cos, sin] = [cosine(turn), sine(turn)];
  const points: Point[] = [];
  for (let angle = 0; angle <= 360; angle++) {
    const [x, y] = [axes.across * cosine(angle), axes.down * sine(angle)];
    const point = { x: roundHalfEven(centre.x + x * cos - y * sin), y: roundHalfEven(centre.y + x * sin + y * cos) };
    const last = points.at(-1);
    if (last?.x !== point.x || last.y !== point.y) points.push(point);
  }
  return points.length === 1 ? [centre, centre] : points;
}

/** One pixel in fixed point with 16 bits behind it, as edges are followed. */
const ONE = 65536;

/** What lies between the leftmost and the rightmost edge of each row, and the outline. */
export function fillConvex(to: Raster<3>, points: readonly Point[], colour: Colour): void {
  const spans = new Map<number, { left: number; right: number }>();
  points.forEach((point, i) => {
    const before = points.at(i - 1) ?? point;
    drawLine(to, before, point, colour);
    if (points.length > 2) followEdge(before, point, spans);
  });
  for (const [y, { left, right }] of spans) fillRow(to, y, left, right, colour);
}

function followEdge(one: Point, other: Point, spans: Map<number, { left: number; right: number }>): void {
  if (one.y === other.y) return;
  const [top, bottom] = one.y < other.y ? [one, other] : [other, one];
  const rows = bottom.y - top.y;
  const slope = Math.trunc(((bottom.x - top.x) * ONE * 2 + rows) / (2 * rows));
  for (let row = 0; row <= rows; row++) {
    const x = Math.floor((top.x * ONE + slope * row + ONE / 2) / ONE);
    const span = spans.get(top.y + row);
    if (!span) spans.set(top.y + row, { left: x, right: x });
    else [span.left, span.right] = [Math.min(span.left, x), Math.max(span.right, x)];
  }
}

/** Draws a line from left to right; where a step lies just between two pixels it stays. */
function drawLine(to: Raster<3>, one: Point, other: Point, colour: Colour): void {
  const [from, end] = one.x <= other.x ? [one, other] : [other, one];
  const [across, down] = [end.x - from.x, Math.abs(end.y - from.y)];
  const sign = Math.sign(end.y - from.y);
  const [long, short] = [Math.max(across, down), Math.min(across, down)];
  for (let i = 0; i <= long; i++) {
    const beside = long === 0 ? 0 : Math.ceil((2 * i * short - long) / (2 * long));
    const [x, y] = across >= down ? [from.x + i, from.y + sign * beside] : [from.x + beside, from.y + sign * i];
    fillRow(to, y, x, x, colour);
  }
}

export function fillDisc(to: Raster<3>, centre: Point, radius: number, colour: Colour): void {
  let wide = radius;
  for (let high = 0; high <= wide; high++) {
    if (high > 0 && high ** 2 + wide ** 2 > radius ** 2) wide--;
    if (high > wide + 1) break;
    for (const sign of [-1, 1]) {
      fillRow(to, centre.y + sign * high, centre.x - wide, centre.x + wide, colour);
      fillRow(to, centre.y + sign * wide, centre.x - high, centre.x + high, colour);
    }
  }
}

/** What lies outside is left out. */
function fillRow({ width, height, data }: Raster<3>, y: number, left: number, right: number, colour: Colour): void {
  if (y < 0 || y >= height) return;
  for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) data.set(colour, 3 * (y * width + x));
}
