/** A picture worked on in parts that overlap, each of which gives the middle of what it saw: no two are mixed. */
import type { Pixels } from './pixels';

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Pixels of the picture, or of what is added to its right and bottom. */
export interface Patch extends Rect {
  /** What is taken of it: together they are the picture, each pixel once. */
  kept: Rect;
}

export interface PatchOptions {
  /** Longest side of a patch, in pixels; a smaller picture is one patch. */
  side: number;
  /** What a patch sees beside what it gives, on sides where the picture goes on. */
  halo: number;
  /** Number of pixels that the sides of patches are multiples of. */
  multiple?: number;
  /** Shortest side of a patch, a multiple of that. */
  least?: number;
}

/**
 * As few patches as cover the picture, row by row, all of one size and no larger than they must be; the last of a row or column is moved
 * back inside.
 *
 * @throws RangeError where a patch would give nothing: its side must be more than two halos, and both multiples of `multiple`
 */
export function planPatches(picture: { width: number; height: number }, options: PatchOptions): Patch[] {
  const { side, halo, multiple = 1 } = options;
  if (side <= 2 * halo || side % multiple !== 0 || (2 * halo) % multiple !== 0)
    throw new RangeError(`patches of ${side} pixels with ${halo} around cannot be laid in steps of ${multiple}`);
  const [columns, rows] = [picture.width, picture.height].map((length) => spans(length, options));
  return rows.flatMap((row) =>
    columns.map((column) => ({
      x: column.start,
      y: row.start,
      width: column.length,
      height: row.length,
      kept: { x: column.from, y: row.from, width: column.to - column.from, height: row.to - row.from },
    })),
  );
}

interface Span {
  start: number;
  length: number;
  from: number;
  to: number;
}

function spans(size: number, { side, halo, multiple = 1, least = 1 }: PatchOptions): Span[] {
  const padded = Math.max(least, Math.ceil(size / multiple) * multiple);
  const shared = 2 * halo;
  const count = padded <= side ? 1 : Math.ceil((padded - shared) / (side - shared));
  const length = Math.ceil((padded + (count - 1) * shared) / count / multiple) * multiple;
  const starts: number[] = [0];
  for (let last = 0; last + length < padded;) {
    last = Math.min(last + length - shared, padded - length);
    starts.push(last);
  }
  const ends = starts.map((start, i) => (i === starts.length - 1 ? size : start + length - halo));
  return starts.map((start, i) => ({ start, length, from: i === 0 ? 0 : ends[i - 1], to: ends[i] }));
}

/**
 * @returns RGB in 0…1, planar [3, patch.height, patch.width]; beyond the picture's right and bottom it is mirrored, as torch's `reflect` does
 */
export function readPatch({ width, height, data }: Pixels, patch: Rect): Float32Array {
  const count = patch.width * patch.height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const x = mirrored(patch.x + (i % patch.width), width);
    const y = mirrored(patch.y + Math.floor(i / patch.width), height);
    const at = 4 * (y * width + x);
    for (let channel = 0; channel < 3; channel++) planes[channel * count + i] = data[at + channel] / 255;
  }
  return planes;
}

/** Back and forth, without the last pixel twice. */
function mirrored(position: number, size: number): number {
  if (position < size) return position;
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const at = position % period;
  return at < size ? at : period - at;
}

/**
 * Writes what is kept of a patch that was made `scale` times as wide and high; values are clamped and rounded to 8 bits.
 *
 * @param planes  RGB in 0…1, planar [3, scale·patch.height, scale·patch.width]
 * @param picture  opaque where it is written
 */
export function writePatch(picture: Pixels, patch: Patch, planes: Float32Array, scale: number): void {
  const { kept } = patch;
  const [across, down] = [patch.width * scale, patch.height * scale];
  const [left, top] = [(kept.x - patch.x) * scale, (kept.y - patch.y) * scale];
  for (let line = 0; line < kept.height * scale; line++) {
    let to = 4 * ((kept.y * scale + line) * picture.width + kept.x * scale);
    let from = (top + line) * across + left;
    for (let column = 0; column < kept.width * scale; column++, from++, to += 4) {
      for (let channel = 0; channel < 3; channel++)
        picture.data[to + channel] = 255 * planes[channel * across * down + from];
      picture.data[to + 3] = 255;
    }
  }
}
