/**
 * An embedding in the low halves of a picture's colours: left of it the low halves of the bytes, right of it the high ones.
 * @see A1111 modules/textual_inversion/image_embedding.py
 */
import { inflateZlib } from '../../bytes/inflate';
import { decodeUtf8 } from '../../bytes/text-bytes';
import type { StealthPixels } from '../../image/metadata';

/** 75 vectors as JSON have about 2 MB. */
const MOST_TEXT_BYTES = 32 * 2 ** 20;

interface Box {
  left: number;
  /** Right edge, exclusive. */
  right: number;
  top: number;
  bottom: number;
}

/** JSON; undefined where there is none. */
export function readHiddenText(pixels: StealthPixels): string | undefined {
  const box = withoutBlack(pixels);
  if (!box) return undefined;
  const black = blackColumns(pixels, box);
  if (black.length < 2) return undefined;
  const [low, high] = [
    nibbles(pixels, { ...box, right: black[0] }),
    nibbles(pixels, { ...box, left: black[black.length - 1] + 1 }),
  ];
  if (low.length === 0 || low.length !== high.length) return undefined;
  const bytes = low.map((value, i) => (high[i] << 4) | value);
  const text = inflateZlib(bytes, MOST_TEXT_BYTES);
  return text && decodeUtf8(text);
}

/** Rows and columns with any pixel that has no colour of 0. */
function withoutBlack({ width, height, data }: StealthPixels): Box | undefined {
  const box = { left: width, right: 0, top: height, bottom: 0 };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (data[at] === 0 || data[at + 1] === 0 || data[at + 2] === 0) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  return box.right > box.left ? box : undefined;
}

/** Those whose low halves are all 0. */
function blackColumns({ width, data }: StealthPixels, { left, right, top, bottom }: Box): number[] {
  const columns: number[] = [];
  for (let x = left; x < right; x++) {
    let any = 0;
    for (let y = top; y < bottom; y++) {
      const at = 4 * (y * width + x);
      any |= data[at] | data[at + 1] | data[at + 2];
    }
    if ((any & 15) === 0) columns.push(x);
  }
  return columns;
}

/** Low halves of the colours of a block, row by row, each xor a fixed sequence. */
function nibbles({ width, data }: StealthPixels, { left, right, top, bottom }: Box): Uint8Array {
  const out = new Uint8Array(Math.max(right - left, 0) * (bottom - top) * 3);
  let [at, state] = [0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      for (let channel = 0; channel < 3; channel++) {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        out[at++] = (data[4 * (y * width + x) + channel] ^ (state % 255)) & 15;
      }
  return out;
}
