/** Where one plane lies over another, and how much it counts there. @see ComfyUI nodes.py LatentComposite, comfy_extras/nodes_mask.py composite */
import type { Size } from '../raster';

/** What of `from` is seen in `to`: its size, and where it begins there. */
export interface Overlap extends Size {
  x: number;
  y: number;
}

/** @param at  not negative; beyond the edge nothing is seen */
export function overlapOf(to: Size, from: Size, { x, y }: { x: number; y: number }): Overlap {
  const width = Math.max(0, Math.min(from.width, to.width - x));
  const height = Math.max(0, Math.min(from.height, to.height - y));
  return { x, y, width, height };
}

/** [height, width] of the overlap: 1 within, and less towards edges that lie within `to`. @param feather  cells over which it fades */
export function featherWeights(to: Size, over: Overlap, feather: number): Float32Array {
  const { x, y, width, height } = over;
  const weights = new Float32Array(width * height).fill(1);
  const [fadesRight, fadesDown] = [x + width < to.width, y + height < to.height];
  const scale = (column: number | undefined, row: number | undefined, rate: number): void => {
    if ((column ?? 0) < 0 || (row ?? 0) < 0 || (column ?? 0) >= width || (row ?? 0) >= height) return;
    const [from, step, count] = column === undefined ? [(row ?? 0) * width, 1, width] : [column, width, height];
    for (let i = 0; i < count; i++) weights[from + i * step] *= rate;
  };
  for (let t = 0; t < feather; t++) {
    const rate = (1 / feather) * (t + 1);
    if (y !== 0) scale(undefined, t, rate);
    if (fadesDown) scale(undefined, height - 1 - t, rate);
    if (x !== 0) scale(t, undefined, rate);
    if (fadesRight) scale(width - 1 - t, undefined, rate);
  }
  return weights;
}

/** Lays `from` into `to` in place, where both are planes of so many numbers a cell. @param weights  [overlap height, overlap width] */
export function layOver(
  to: Size & { data: Float32Array },
  from: Size & { data: Float32Array },
  { x, y, width, height, weights }: Overlap & { weights: Float32Array },
): void {
  const channels = to.data.length / (to.width * to.height);
  for (let c = 0; c < channels; c++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const at = (c * to.height + y + row) * to.width + x + column;
        const weight = weights[row * width + column];
        const value = from.data[(c * from.height + row) * from.width + column];
        to.data[at] = Math.fround(weight * value) + Math.fround(Math.fround(1 - weight) * to.data[at]);
      }
}
