/** How large the second pass of hires. fix is. @see A1111 modules/processing.py, calculate_target_resolution; ComfyUI nodes.py, LatentUpscaleBy */
import { roundHalfEven } from '../../math/round-half-even';
import type { Size } from '../raster';

export interface HiresSize {
  /** What is asked for: where pixels are enlarged, they are enlarged to this, which need not be a multiple of 8. */
  target: Size;
  /** Cells of the latent before it is cut. */
  enlarged: Size;
  /** Cells to cut off, so many in all; half of them, rounded down, at left and top. */
  cutOff: Size;
  /** Cells and pixels of what comes out. */
  cells: Size;
  picture: Size;
}

/** Sides of 0 follow from the other; with both, what sticks out is cut off. */
export type HiresWish = { scale: number } | { width: number; height: number };

const CELL = 8;
const inCells = (side: number): number => Math.floor(side / CELL);
const each = ({ width, height }: Size, of: (side: number) => number): Size => ({
  width: of(width),
  height: of(height),
});

/** @param first the size of the first pass @throws RangeError where nothing is left */
export function hiresSize(first: Size, wish: HiresWish): HiresSize {
  const target = targetOf(first, wish);
  const over = 'scale' in wish || wish.width === 0 || wish.height === 0 ? target : wish;
  const cutOff = {
    width: inCells(target.width - over.width),
    height: inCells(target.height - over.height),
  };
  const enlarged = each(target, inCells);
  const cells = { width: enlarged.width - cutOff.width, height: enlarged.height - cutOff.height };
  if (!(cells.width > 0 && cells.height > 0))
    throw new RangeError(`${target.width} × ${target.height} pixels are less than one cell of ${CELL}.`);
  return { target, enlarged, cutOff, cells, picture: each(cells, (side) => side * CELL) };
}

function targetOf(first: Size, wish: HiresWish): Size {
  if ('scale' in wish) return each(first, (side) => Math.trunc(side * wish.scale));
  const fromWidth = { width: wish.width, height: Math.floor((wish.width * first.height) / first.width) };
  const fromHeight = { width: Math.floor((wish.height * first.width) / first.height), height: wish.height };
  if (wish.height === 0) return fromWidth;
  if (wish.width === 0) return fromHeight;
  return first.width / first.height < wish.width / wish.height ? fromWidth : fromHeight;
}

/** Size by ComfyUI's LatentUpscaleBy: cells are scaled and rounded, halves to even. @returns cells */
export function comfyHiresCells(first: Size, scale: number): Size {
  return each(first, (side) => roundHalfEven(inCells(side) * scale));
}
