/** The texts of a PNG. @see PNG, third edition, 11.3.3; Pillow PngImagePlugin.py (PngInfo.add_text) */
import { AppError } from '../../errors';
import { crc32 } from '../../bytes/crc32';
import { concat } from '../../bytes/concat';
import { inflateZlib } from '../../bytes/inflate';
import { decodeOldEncoding } from '../../bytes/old-encodings';
import {
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
  decodeUtf8Leniently,
  decodeWindows,
  encodeLatin1,
  encodeUtf8,
  isLatin1,
  startsWithAt,
  tagAt,
} from '../../bytes/text-bytes';

export const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';

export interface PngTexts {
  width: number;
  height: number;
  /** Texts by keyword; of several with one keyword the last, as in Pillow. */
  texts: Map<string, string>;
  exif?: Uint8Array;
  /** One sentence for each chunk that could not be read. */
  problems: string[];
}

/** `comf` is ComfyUI's, in animated pictures: as tEXt. */
const TEXT_CHUNKS: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'comf']);

export interface PngChunk {
  type: string;
  /** Where the chunk begins, at its length. */
  at: number;
  data: Uint8Array;
  /** False where the file ends within it. */
  isWhole: boolean;
}

/** Texts are read up to this size, compressed ones too: an infotext has some kB, a ComfyUI workflow some 100 kB. */
const MOST_TEXT_BYTES = 16 * 2 ** 20;

export function isPng(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 0, PNG_SIGNATURE);
}

/** Never throws: what is damaged is left out and named. */
export function readPng(bytes: Uint8Array): PngTexts {
  const found: PngTexts = { width: 0, height: 0, texts: new Map(), problems: [] };
  let room = MOST_TEXT_BYTES;
  for (const chunk of pngChunks(bytes)) {
    if (!chunk.isWhole) found.problems.push(`The file ends within its chunk ${chunk.type}.`);
    if (chunk.type === 'IHDR' && chunk.data.length >= 8) {
      const view = new DataView(chunk.data.buffer, chunk.data.byteOffset);
      [found.width, found.height] = [view.getUint32(0), view.getUint32(4)];
    } else if (chunk.type === 'eXIf') found.exif = chunk.data;
    else if (chunk.isWhole && TEXT_CHUNKS.has(chunk.type)) {
      const text = readTextChunk(chunk, room);
      if (text) {
        // The last of several with one keyword, unless it is empty.
        if (text.text !== '' || !found.texts.has(text.keyword)) found.texts.set(text.keyword, text.text);
        room -= text.text.length;
      } else found.problems.push(`A ${chunk.type} chunk is damaged or too large.`);
    }
  }
  return found;
}

export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG_SIGNATURE.length; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    const type = tagAt(bytes, at + 4);
    yield {
      type,
      at,
      data: bytes.subarray(at + 8, Math.min(at + 8 + length, bytes.length)),
      isWhole: end <= bytes.length,
    };
    if (type === 'IEND') return;
    at = end;
  }
}

/** Undefined where the chunk is none, damaged, or larger than there is room for. */
export function readTextChunk({ type, data }: PngChunk, room: number): { keyword: string; text: string } | undefined {
  if (!TEXT_CHUNKS.has(type)) return undefined;
  const end = data.indexOf(0);
  if (end === -1 || data.length > room) return undefined;
  const keyword = decodeLatin1(data.subarray(0, end));
  const body = data.subarray(end + 1);
  if (type === 'tEXt' || type === 'comf') return { keyword, text: decodeText(body) };
  // zTXt: the method, then the text. iTXt: a flag, the method, language and translated keyword, each with its 0.
  const textAt = type === 'zTXt' ? 1 : afterZeros(body, 2);
  if (textAt === undefined || textAt > body.length) return undefined;
  const isCompressed = type === 'zTXt' || body[0] === 1;
  const rest = body.subarray(textAt);
  // Some say that they compressed the text, and did not.
  const text = isCompressed ? (inflateZlib(rest, room) ?? plainText(rest)) : rest;
  return text && { keyword, text: type === 'zTXt' ? decodeText(text) : withoutEnd(decodeUtf8Leniently(text)) };
}

function plainText(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length > 0 && !bytes.some((byte) => byte < 9) && decodeUtf8(bytes) !== undefined ? bytes : undefined;
}

/** Latin-1, says the format; programs in C and C# write UTF-8, and hardly any Latin-1 text is that by chance. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2), true);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), false);
  return withoutEnd(decodeUtf8(bytes) ?? decodeOldEncoding(bytes) ?? decodeWindows(bytes));
}

/** Programs in C write the zero at a text's end, too. */
const withoutEnd = (text: string): string => text.replace(/\0+$/, '');

/** Place after two more zeros from `from` on. */
function afterZeros(body: Uint8Array, from: number): number | undefined {
  const language = body.indexOf(0, from);
  const translated = language === -1 ? -1 : body.indexOf(0, language + 1);
  return translated === -1 ? undefined : translated + 1;
}

/**
 * The PNG with this text under this keyword, in place of those it has; before the pixels, as Pillow puts it.
 *
 * @throws AppError 'bad-file' for a file without a header chunk
 */
export function embedPngText(bytes: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [bytes.subarray(0, PNG_SIGNATURE.length)];
  const isOurs = ({ type, data }: PngChunk) =>
    ['tEXt', 'zTXt', 'iTXt'].includes(type) && startsWithAt(data, 0, `${keyword}\0`);
  let hasHeader = false;
  for (const chunk of pngChunks(bytes)) {
    if (isOurs(chunk)) continue;
    parts.push(bytes.subarray(chunk.at, Math.min(chunk.at + 12 + chunk.data.length, bytes.length)));
    if (chunk.type === 'IHDR' && chunk.isWhole && !hasHeader) {
      hasHeader = true;
      parts.push(writeTextChunk(keyword, text));
    }
  }
  if (!hasHeader) throw new AppError('bad-file', 'This PNG has no header chunk: the file is damaged.');
  return concat(parts);
}

/** Latin-1 where the text fits, else UTF-8, as Pillow decides. */
function writeTextChunk(keyword: string, text: string): Uint8Array {
  return isLatin1(text)
    ? writeChunk('tEXt', concat([encodeLatin1(`${keyword}\0`), encodeLatin1(text)]))
    : writeChunk('iTXt', concat([encodeLatin1(`${keyword}\0\0\0\0\0`), encodeUtf8(text)]));
}

function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([encodeLatin1(type), data]);
  const frame = new DataView(new ArrayBuffer(8));
  frame.setUint32(0, data.length);
  frame.setUint32(4, crc32(body));
  const words = new Uint8Array(frame.buffer);
  return concat([words.subarray(0, 4), body, words.subarray(4)]);
}
