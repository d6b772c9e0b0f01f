/** The pixels of a PNG, where something is read out of them and a canvas would change them. @see PNG, third edition, 7 to 9 */
import { concat } from '../bytes/concat';
import { inflateZlib } from '../bytes/inflate';
import type { StealthPixels } from './metadata';
import { isPng, pngChunks } from './metadata/png';

/** Channels of 8-bit pixels, by colour type; palettes and 16 bits hold nothing that is looked for. */
const CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

const MOST_PIXELS = 2 ** 25;

/** RGBA; undefined where it is damaged, or of a kind that is not read: palettes, 16 bits, interlaced. */
export function readPngPixels(bytes: Uint8Array): StealthPixels | undefined {
  if (!isPng(bytes)) return undefined;
  const chunks = [...pngChunks(bytes)].filter(({ isWhole }) => isWhole);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header?.length !== 13) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, interlace] = [header[8], header[9], header[12]];
  const channels = CHANNELS[colour];
  if (depth !== 8 || channels === undefined || interlace !== 0 || width * height > MOST_PIXELS) return undefined;
  const rowBytes = width * channels;
  const packed = concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = inflateZlib(packed, (rowBytes + 1) * height);
  if (rows?.length !== (rowBytes + 1) * height) return undefined;
  const plain = unfiltered(rows, { rowBytes, height, step: channels });
  return plain && { width, height, data: toRgba(plain, channels) };
}

interface Rows {
  rowBytes: number;
  height: number;
  /** Bytes from a pixel to the next. */
  step: number;
}

/** Each row begins with the filter by which it was stored. */
function unfiltered(rows: Uint8Array, { rowBytes, height, step }: Rows): Uint8Array | undefined {
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)];
    if (filter > 4) return undefined;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= step ? out[at - step] : 0;
      const up = y > 0 ? out[at - rowBytes] : 0;
      const corner = x >= step && y > 0 ? out[at - rowBytes - step] : 0;
      out[at] = rows[y * (rowBytes + 1) + 1 + x] + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  return filter === 4 ? paeth(left, up, corner) : 0;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function toRgba(plain: Uint8Array, channels: 1 | 2 | 3 | 4): Uint8Array {
  if (channels === 4) return plain;
  const out = new Uint8Array((plain.length / channels) * 4);
  const isGrey = channels < 3;
  for (let from = 0, to = 0; from < plain.length; from += channels, to += 4) {
    for (let channel = 0; channel < 3; channel++) out[to + channel] = plain[from + (isGrey ? 0 : channel)];
    out[to + 3] = channels === 2 ? plain[from + 1] : 255;
  }
  return out;
}
