/**
 * Texts in the lowest bits of pixels, as Forge and NovelAI hide them: they survive where texts are stripped.
 *
 * @see Forge modules/stealth_infotext.py
 */
import { inflateGzip } from '../../bytes/inflate';
import { decodeLatin1, decodeUtf8 } from '../../bytes/text-bytes';

/** RGBA, 4 bytes a pixel, rows from the top; not premultiplied, as a canvas would lose the bits. */
export interface StealthPixels {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

const MODES = [
  { word: 'stealth_pnginfo', channels: [3], isCompressed: false },
  { word: 'stealth_pngcomp', channels: [3], isCompressed: true },
  { word: 'stealth_rgbinfo', channels: [0, 1, 2], isCompressed: false },
  { word: 'stealth_rgbcomp', channels: [0, 1, 2], isCompressed: true },
] as const;

const WORD_BYTES = 15;
const MOST_TEXT_BYTES = 16 * 2 ** 20;

/** Undefined where there is none. */
export function readStealthText(pixels: StealthPixels): string | undefined {
  for (const { word, channels, isCompressed } of MODES) {
    const bits = new BitReader(pixels, channels);
    const signature = bits.read(WORD_BYTES);
    if (!signature || decodeLatin1(signature) !== word) continue;
    const length = bits.read(4);
    const bytes = length && new DataView(length.buffer).getUint32(0) >>> 3;
    const payload = bytes !== undefined && bytes <= MOST_TEXT_BYTES ? bits.read(bytes) : undefined;
    const text = payload && isCompressed ? inflateGzip(payload, MOST_TEXT_BYTES) : payload;
    return text && decodeUtf8(text);
  }
  return undefined;
}

/** Bits go down the columns, columns from the left; the first bit of a byte is its highest. */
class BitReader {
  #at = 0;

  constructor(
    private readonly pixels: StealthPixels,
    private readonly channels: readonly number[],
  ) {}

  /** Undefined where the picture ends before. */
  read(bytes: number): Uint8Array | undefined {
    const { width, height, data } = this.pixels;
    if (this.#at + 8 * bytes > Math.min(width * height, data.length >> 2) * this.channels.length) return undefined;
    const read = new Uint8Array(bytes);
    for (let i = 0; i < 8 * bytes; i++) read[i >> 3] = (read[i >> 3] << 1) | this.#bit(this.#at++);
    return read;
  }

  #bit(index: number): number {
    const { width, height, data } = this.pixels;
    const pixel = Math.floor(index / this.channels.length);
    const [x, y] = [Math.floor(pixel / height), pixel % height];
    return data[4 * (y * width + x) + this.channels[index % this.channels.length]] & 1;
  }
}
