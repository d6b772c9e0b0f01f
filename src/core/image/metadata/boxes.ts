/** The boxes that AVIF and HEIC files are made of. @see ISO/IEC 14496-12 4.2 */
import { concat } from '../../bytes/concat';
import { encodeLatin1, tagAt } from '../../bytes/text-bytes';

export interface Box {
  type: string;
  at: number;
  end: number;
  /** Bytes of what is in it. */
  data: Uint8Array;
}

/** A damaged file has as many as it has bytes. */
const MOST_BOXES = 10_000;

/** Those between two places; the list ends at the first that leaves them. */
export function readBoxes(bytes: Uint8Array, from = 0): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= bytes.length && boxes.length < MOST_BOXES;) {
    const written = view.getUint32(at);
    const isLong = written === 1 && at + 16 <= bytes.length;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : written === 0 ? bytes.length - at : written;
    const head = isLong ? 16 : 8;
    if (size < head || at + size > bytes.length) break;
    boxes.push({ type: tagAt(bytes, at + 4), at, end: at + size, data: bytes.subarray(at + head, at + size) });
    at += size;
  }
  return boxes;
}

export function writeBox(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = concat(parts);
  return concat([uint(data.length + 8, 4), encodeLatin1(type), data]);
}

/** Big-endian, of 1 to 8 bytes. */
export function uint(value: number, bytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * (bytes - 1 - i))) % 256);
}

/** Reads one number after the other. */
export class Cursor {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** A whole number of so many bytes; zeros beyond the end. */
  uint(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + (this.#bytes[this.at++] ?? 0);
    return value;
  }
}
