/** Texts that were written behind the end of a picture: programs and people append what viewers then leave in peace. */
import { PNG_SIGNATURE, pngChunks, readTextChunk } from './png';
import { decodeTextFile } from './text-file';

/** Texts are read up to this size, as in chunks. */
const MOST_BYTES = 16 * 2 ** 20;
/** The name under which a plain text comes out. */
const NAME = 'appended';

/** By keyword where they are chunks of a PNG, else as one text; nothing where other bytes follow. */
export function textBehind(bytes: Uint8Array, format: 'png' | 'jpeg' | 'webp'): Record<string, string> {
  const tail = bytes.subarray(ENDS[format](bytes));
  if (tail.length === 0 || tail.length > MOST_BYTES) return {};
  const texts = format === 'png' ? chunksBehind(tail) : {};
  if (Object.keys(texts).length > 0) return texts;
  const text = decodeTextFile(tail)?.trim();
  return text ? { [NAME]: text } : {};
}

const ENDS: Readonly<Record<'png' | 'jpeg' | 'webp', (bytes: Uint8Array) => number>> = {
  png(bytes) {
    for (const { type, at, data, isWhole } of pngChunks(bytes))
      if (type === 'IEND' && isWhole) return at + 12 + data.length;
    return bytes.length;
  },
  /** Bytes of 255 are in no text: the last mark of an end is the picture's. */
  jpeg(bytes) {
    const last = bytes.lastIndexOf(0xff);
    return bytes[last + 1] === 0xd9 ? last + 2 : bytes.length;
  },
  webp: (bytes) => 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true),
};

function chunksBehind(tail: Uint8Array): Record<string, string> {
  const head = Uint8Array.from(PNG_SIGNATURE, (letter) => letter.charCodeAt(0));
  const file = new Uint8Array(head.length + tail.length);
  file.set(head);
  file.set(tail, head.length);
  const texts: Record<string, string> = {};
  for (const chunk of pngChunks(file)) {
    const found = chunk.isWhole ? readTextChunk(chunk, MOST_BYTES) : undefined;
    if (found) texts[found.keyword] = found.text;
  }
  return texts;
}
