/** Where a WebP keeps EXIF. @see RFC 9649, 2.5 to 2.7 */
import { AppError } from '../../errors';
import { writeExif } from './exif';
import { concat } from '../../bytes/concat';
import { encodeLatin1, startsWithAt, tagAt } from '../../bytes/text-bytes';

interface Chunk {
  tag: string;
  data: Uint8Array;
}

const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;
/** Most chunks that a file is read for; a damaged one has as many as it has bytes. */
const MOST_CHUNKS = 10_000;

export function isWebp(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 0, 'RIFF') && startsWithAt(bytes, 8, 'WEBP');
}

export function readWebp(bytes: Uint8Array): { exif?: Uint8Array; xmp?: Uint8Array; isWhole: boolean } {
  const chunks = chunksOf(bytes);
  const find = (tag: string) => chunks.find((chunk) => chunk.tag === tag)?.data;
  const [exif, xmp] = [find('EXIF'), find('XMP ')];
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  return { ...(exif && { exif }), ...(xmp && { xmp }), isWhole: size + 8 <= bytes.length };
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= bytes.length && chunks.length < MOST_CHUNKS;) {
    const size = view.getUint32(at + 4, true);
    chunks.push({ tag: tagAt(bytes, at), data: bytes.subarray(at + 8, Math.min(at + 8 + size, bytes.length)) });
    at += 8 + size + (size & 1);
  }
  return chunks;
}

/**
 * With this text as its UserComment, in place of the EXIF it has; a simple file becomes an extended one.
 *
 * @throws AppError 'bad-file' where the size of the picture cannot be found
 */
export function embedWebpText(bytes: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const chunks = chunksOf(bytes).filter(({ tag }) => tag !== 'EXIF');
  const [first, ...rest] = chunks;
  if (!first) throw new AppError('bad-file', 'This WebP has no picture in it: the file is damaged.');
  const extended = first.tag === 'VP8X' ? first : describe(first);
  const header = { tag: 'VP8X', data: new Uint8Array(extended.data) };
  header.data[0] |= EXIF_FLAG;
  // EXIF stands after the pictures and before XMP.
  const pictures = (first.tag === 'VP8X' ? rest : chunks).filter(({ tag }) => tag !== 'XMP ');
  const xmp = chunks.filter(({ tag }) => tag === 'XMP ');
  const body = concat([header, ...pictures, { tag: 'EXIF', data: writeExif(text) }, ...xmp].map(writeChunk));
  return concat([encodeLatin1('RIFF'), uint32(body.length + 4), encodeLatin1('WEBP'), body]);
}

/** The header that a file of one chunk lacks: flags, then width and height less one in 24 bits. */
function describe({ tag, data }: Chunk): Chunk {
  const size = tag === 'VP8 ' ? lossySize(data) : tag === 'VP8L' ? losslessSize(data) : undefined;
  if (!size) throw new AppError('bad-file', 'This WebP has no picture in it: the file is damaged.');
  const header = new Uint8Array(10);
  header[0] = size.hasAlpha ? ALPHA_FLAG : 0;
  header.set(uint32(size.width - 1).subarray(0, 3), 4);
  header.set(uint32(size.height - 1).subarray(0, 3), 7);
  return { tag: 'VP8X', data: header };
}

interface Size {
  width: number;
  height: number;
  hasAlpha: boolean;
}

function lossySize(data: Uint8Array): Size | undefined {
  if (data.length < 10) return undefined;
  const word = (at: number) => (data[at] | (data[at + 1] << 8)) & 0x3fff;
  return { width: word(6), height: word(8), hasAlpha: false };
}

function losslessSize(data: Uint8Array): Size | undefined {
  if (data.length < 5 || data[0] !== 0x2f) return undefined;
  const bits = (data[1] | (data[2] << 8) | (data[3] << 16) | (data[4] << 24)) >>> 0;
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 };
}

function writeChunk({ tag, data }: Chunk): Uint8Array {
  return concat([encodeLatin1(tag), uint32(data.length), data, new Uint8Array(data.length & 1)]);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}
