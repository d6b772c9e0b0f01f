/** How large a picture may be that one starts from, and how large it is kept. */
import { AppError } from '../errors';
import type { Size } from './raster';

/** Pixels a side: more than any model paints at once. */
export const MOST_SIDE = 4096;
/** Least side of a picture in pixels: a latent cell. */
const LEAST_SIDE = 8;
/** What browsers decode in a tab's memory: 4 bytes each. */
const MOST_PIXELS = 128e6;

/** Refuses what is too large or too small for anything, by the size it would be kept in. @throws AppError 'bad-file' */
export function assertExtent(name: string, said: Size): void {
  const { width, height } = said;
  const size = `${name} has ${width} × ${height} pixels`;
  if (width * height > MOST_PIXELS) throw bad(`${size}: at most ${MOST_PIXELS / 1e6} million can be opened here.`);
  const kept = fitExtent(said);
  if (Math.min(width, height) < LEAST_SIDE) throw bad(`${size}: at least ${LEAST_SIDE} a side are needed.`);
  if (Math.min(kept.width, kept.height) < LEAST_SIDE) throw bad(`${size}: it is too thin to start from.`);
}

/** The same shape, at most MOST_SIDE a side. */
export function fitExtent({ width, height }: Size): Size {
  const scale = Math.min(1, MOST_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const bad = (sentence: string): AppError => new AppError('bad-file', sentence);
