/** Quarter turns and mirrors: which pixel each new one is. @see ComfyUI nodes.py LatentRotate, LatentFlip */
import type { Size } from '../raster';

/** Clockwise; `vertically`: what was above is below. */
export const TURNS = ['none', '90', '180', '270', 'vertically', 'horizontally'] as const;
export type Turn = (typeof TURNS)[number];

/** @returns the new size, and for each new pixel the place of the old one in its plane */
export function turned({ width, height }: Size, turn: Turn): Size & { from: Int32Array } {
  const isAcross = turn === '90' || turn === '270';
  const to = isAcross ? { width: height, height: width } : { width, height };
  const from = new Int32Array(width * height);
  const place = PLACES[turn];
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++) {
      const [oldX, oldY] = place(x, y, { width, height });
      from[y * to.width + x] = oldY * width + oldX;
    }
  return { ...to, from };
}

const PLACES: Readonly<Record<Turn, (x: number, y: number, of: Size) => readonly [number, number]>> = {
  none: (x, y) => [x, y],
  '90': (x, y, { height }) => [y, height - 1 - x],
  '180': (x, y, { width, height }) => [width - 1 - x, height - 1 - y],
  '270': (x, y, { width }) => [width - 1 - y, x],
  vertically: (x, y, { height }) => [x, height - 1 - y],
  horizontally: (x, y, { width }) => [width - 1 - x, y],
};
