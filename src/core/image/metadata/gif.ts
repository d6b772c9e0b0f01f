/** The comments of a GIF. @see GIF89a, 24 */
import { concat } from '../../bytes/concat';
import { decodeLatin1, decodeUtf8, startsWithAt } from '../../bytes/text-bytes';

const [EXTENSION, IMAGE, COMMENT] = [0x21, 0x2c, 0xfe];

const MOST_COMMENTS = 32;

export function isGif(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 0, 'GIF87a') || startsWithAt(bytes, 0, 'GIF89a');
}

/** Comments in their order. */
export function readGifComments(bytes: Uint8Array): string[] {
  const found: string[] = [];
  let at = 13 + colourTableBytes(bytes[10] ?? 0);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === EXTENSION) {
      const { end, data } = readBlocks(bytes, at + 2);
      if (bytes[at + 1] === COMMENT && found.length < MOST_COMMENTS) found.push(decodeUtf8(data) ?? decodeLatin1(data));
      at = end;
    } else if (kind === IMAGE) at = readBlocks(bytes, at + 11 + colourTableBytes(bytes[at + 9] ?? 0)).end;
    else return found;
  }
  return found;
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

const XMP_EXTENSION = '\x0bXMP DataXMP';
/** 256 bytes that count down, so that readers of blocks come out. */
const XMP_TRAILER = 257;

/** XMP stands in an extension without blocks. */
export function readGifXmp(bytes: Uint8Array): Uint8Array | undefined {
  let at = 13 + colourTableBytes(bytes[10] ?? 0);
  while (at < bytes.length) {
    if (bytes[at] === EXTENSION && startsWithAt(bytes, at + 2, XMP_EXTENSION)) {
      const from = at + 2 + XMP_EXTENSION.length;
      const end = bytes.indexOf(1, from);
      return bytes.subarray(from, end === -1 ? bytes.length : Math.min(end, bytes.length - XMP_TRAILER + 1));
    }
    if (bytes[at] === EXTENSION) at = readBlocks(bytes, at + 2).end;
    else if (bytes[at] === IMAGE) at = readBlocks(bytes, at + 11 + colourTableBytes(bytes[at + 9] ?? 0)).end;
    else return undefined;
  }
  return undefined;
}

/** Blocks of up to 255 bytes; one of none ends them. */
function readBlocks(bytes: Uint8Array, from: number): { data: Uint8Array; end: number } {
  const blocks: Uint8Array[] = [];
  let at = from;
  for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) {
    blocks.push(bytes.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { data: concat(blocks), end: at + 1 };
}
