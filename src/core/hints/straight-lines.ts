/**
 * Straight lines out of M-LSD's maps, and as OpenCV draws them one pixel wide.
 * @see sd-webui-controlnet annotator/mlsd utils.py pred_lines; OpenCV 4.10 modules/imgproc/src/drawing.cpp clipLine, LineIterator
 */
import type { Raster, Size } from '../image/raster';
import type { DrawnMap } from './preprocessor';

export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** So many middles are looked at, the surest first. */
const MOST = 200;
/** Pixels of the picture in one of the maps, along a side. */
const FACTOR = 2;

const f = Math.fround;

/**
 * @param maps  how sure a middle is (before the sigmoid), and the way from it to both ends: x, y, x, y
 * @param score  middles that are surer @param distance  lines that are longer, in pixels of the maps
 * @returns in pixels of the picture, whole ones
 */
export function straightLines(
  maps: readonly DrawnMap[],
  { score, distance }: { score: number; distance: number },
): Line[] {
  const [middles, ...ways] = maps;
  const { width } = middles;
  const heat = middles.values.map((value) => f(1 / (1 + Math.exp(-value))));
  const peaks = [...heat.keys()].filter((at) => heat[at] > score && isPeak(heat, middles, at));
  const surest = peaks.sort((a, b) => heat[b] - heat[a]).slice(0, MOST);
  return surest.flatMap((at): Line[] => {
    const [fromX, fromY, toX, toY] = ways.map(({ values }) => values[at]);
    const length = f(Math.sqrt(f(f(f(fromX - toX) ** 2) + f(f(fromY - toY) ** 2))));
    if (!(length > distance)) return [];
    const [x, y] = [at % width, Math.floor(at / width)];
    const whole = (place: number, way: number): number => Math.trunc(FACTOR * (place + way));
    return [{ x1: whole(x, fromX), y1: whole(y, fromY), x2: whole(x, toX), y2: whole(y, toY) }];
  });
}

/** Not below any of its eight neighbours. */
function isPeak(heat: Float32Array, { width, height }: Size, at: number): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
      if (heat[v * width + u] > heat[at]) return false;
  return true;
}

/** White, from left to right; what lies outside is cut off first. */
export function drawLine(to: Raster<1>, line: Line): void {
  const cut = clipped(line, to);
  if (!cut) return;
  const [a, b] = cut.x1 <= cut.x2 ? [cut, turned(cut)] : [turned(cut), cut];
  const [across, down] = [b.x1 - a.x1, Math.abs(b.y1 - a.y1)];
  const step = b.y1 < a.y1 ? -1 : 1;
  const isSteep = down > across;
  const [long, short] = isSteep ? [down, across] : [across, down];
  let [x, y, error] = [a.x1, a.y1, long - 2 * short];
  for (let i = 0; i <= long; i++) {
    to.data[y * to.width + x] = 255;
    const isBeside = error < 0;
    error += (isBeside ? 2 * long : 0) - 2 * short;
    if (isSteep || isBeside) y += step;
    if (!isSteep || isBeside) x += 1;
  }
}

const turned = ({ x1, y1, x2, y2 }: Line): Line => ({ x1: x2, y1: y2, x2: x1, y2: y1 });

/** Left, right, above, below. */
const [LEFT, RIGHT, ABOVE, BELOW] = [1, 2, 4, 8];

/** undefined where nothing of it is within. */
function clipped(line: Line, { width, height }: Size): Line | undefined {
  const [right, bottom] = [width - 1, height - 1];
  const beside = (x: number): number => (x < 0 ? LEFT : 0) + (x > right ? RIGHT : 0);
  let { x1, y1, x2, y2 } = line;
  let first = beside(x1) + (y1 < 0 ? ABOVE : 0) + (y1 > bottom ? BELOW : 0);
  let second = beside(x2) + (y2 < 0 ? ABOVE : 0) + (y2 > bottom ? BELOW : 0);
  if ((first & second) !== 0) return undefined;
  if (first >= ABOVE) {
    const edge = first < BELOW ? 0 : bottom;
    x1 += Math.trunc(((edge - y1) * (x2 - x1)) / (y2 - y1));
    [y1, first] = [edge, beside(x1)];
  }
  if (second >= ABOVE) {
    const edge = second < BELOW ? 0 : bottom;
    x2 += Math.trunc(((edge - y2) * (x2 - x1)) / (y2 - y1));
    [y2, second] = [edge, beside(x2)];
  }
  if ((first & second) !== 0) return undefined;
  if (first !== 0) {
    const edge = first === LEFT ? 0 : right;
    y1 += Math.trunc(((edge - x1) * (y2 - y1)) / (x2 - x1));
    x1 = edge;
  }
  if (second !== 0) {
    const edge = second === LEFT ? 0 : right;
    y2 += Math.trunc(((edge - x2) * (y2 - y1)) / (x2 - x1));
    x2 = edge;
  }
  return { x1, y1, x2, y2 };
}
