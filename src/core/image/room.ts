/** How large a picture may become that somebody writes the size of: beyond it there is a sentence in place of an attempt. */
import { AppError } from '../errors';
import type { Size } from './raster';

/** A float for each colour of so many pixels are 800 MB, and steps between pictures have two of them. */
const MOST_PIXELS = 2 ** 26;
/** ComfyUI's, and what graphics cards have at most. */
const MOST_SIDE = 16_384;

/** A sentence; undefined where there is room. */
export function roomProblem({ width, height }: Size): string | undefined {
  if (!(width >= 1 && height >= 1)) return `A picture of ${width} × ${height} pixels has none.`;
  if (Math.max(width, height) <= MOST_SIDE && width * height <= MOST_PIXELS) return undefined;
  return `A picture of ${width} × ${height} pixels is too large: ${MOST_SIDE} are the most of a side, and ${Math.floor(MOST_PIXELS / 1e6)} million in all.`;
}

/** @throws AppError 'bad-request' */
export function assertRoom(size: Size): void {
  const problem = roomProblem(size);
  if (problem !== undefined) throw new AppError('bad-request', problem);
}
