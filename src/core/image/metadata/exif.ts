/** EXIF, as far as texts go: a TIFF structure with the texts of two directories. @see Exif 2.32; piexif */
import { concat } from '../../bytes/concat';
import { decodeOldEncoding } from '../../bytes/old-encodings';
import { decodeLatin1, decodeUtf16, decodeUtf8, encodeLatin1, startsWithAt } from '../../bytes/text-bytes';
import { readUserComment, writeUserComment } from './user-comment';

export interface ExifTexts {
  userComment?: string;
  /** Other texts by their tag's number: description, make, model, software. */
  tags: Map<number, string>;
  /** XMP, where a TIFF keeps it. */
  xmp?: Uint8Array;
}

const EXIF_POINTER = 0x8769;
const USER_COMMENT = 0x9286;
/** Where further directories begin: Exif, GPS is none of them. */
const POINTERS: ReadonlySet<number> = new Set([EXIF_POINTER]);
const MOST_DEPTH = 3;
const XMP = 0x02bc;
/** Windows' title, comment, author, keywords and subject: UTF-16. */
const XP_TAGS: ReadonlySet<number> = new Set([0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f]);
const [BYTE, TEXT, UNDEFINED, UTF8] = [1, 2, 7, 129];
/** A directory has some tens of entries; a damaged one says 65535. */
const MOST_ENTRIES = 1024;
export const EXIF_PREFIX = 'Exif\0\0';

interface Entry {
  tag: number;
  type: number;
  value: Uint8Array;
}

/** Nothing where the bytes are no TIFF structure; with or without "Exif" before it. */
export function readExif(bytes: Uint8Array): ExifTexts {
  const texts: ExifTexts = { tags: new Map() };
  const tiff = readTiff(bytes);
  if (tiff) readTags(tiff.view, { ...tiff, depth: 0 }, texts);
  return texts;
}

interface Tiff {
  view: DataView;
  /** Where its first directory begins. */
  at: number;
  isLittleEndian: boolean;
}

function readTiff(bytes: Uint8Array): Tiff | undefined {
  const tiff = startsWithAt(bytes, 0, EXIF_PREFIX) ? bytes.subarray(EXIF_PREFIX.length) : bytes;
  const isLittleEndian = startsWithAt(tiff, 0, 'II*\0');
  if ((!isLittleEndian && !startsWithAt(tiff, 0, 'MM\0*')) || tiff.length < 8) return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  return { view, at: view.getUint32(4, isLittleEndian), isLittleEndian };
}

/** A whole number of one value in the first directory, which is the picture's own; undefined where there is none. */
export function readExifNumber(bytes: Uint8Array, tag: number): number | undefined {
  const tiff = readTiff(bytes);
  if (!tiff) return undefined;
  const found = readDirectory(tiff.view, tiff.at, tiff.isLittleEndian).find((entry) => entry.tag === tag)?.value;
  if (!found) return undefined;
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  if (found.length === 1) return view.getUint8(0);
  if (found.length === 2) return view.getUint16(0, tiff.isLittleEndian);
  return found.length === 4 ? view.getUint32(0, tiff.isLittleEndian) : undefined;
}

interface Directory {
  at: number;
  isLittleEndian: boolean;
  depth: number;
}

/** The tag counts, not the directory that it stands in, nor its type. */
function readTags(view: DataView, { at, isLittleEndian, depth }: Directory, texts: ExifTexts): void {
  for (const { tag, type, value } of readDirectory(view, at, isLittleEndian)) {
    if (POINTERS.has(tag) && value.length === 4 && depth < MOST_DEPTH) {
      const next = new DataView(value.buffer, value.byteOffset, 4).getUint32(0, isLittleEndian);
      readTags(view, { at: next, isLittleEndian, depth: depth + 1 }, texts);
    } else if (tag === USER_COMMENT) texts.userComment ??= readUserComment(value);
    else if (tag === XMP) texts.xmp ??= value;
    else if (XP_TAGS.has(tag)) putTag(texts, tag, decodeUtf16(value, true).replace(/\0+$/, ''));
    else if (type === TEXT || type === UTF8) putTag(texts, tag, readText(value));
    // Bytes that should be ASCII, and are.
    else if ((type === BYTE || type === UNDEFINED) && value.length > 4) {
      const text = decodeUtf8(value)?.replace(/\0+$/, '');
      if (text !== undefined && ![...text].some((letter) => letter < '\t')) putTag(texts, tag, text);
    }
  }
}

function putTag(texts: ExifTexts, tag: number, text: string): void {
  if (text !== '' && !texts.tags.has(tag)) texts.tags.set(tag, text);
}

const withoutZeros = (value: Uint8Array): Uint8Array =>
  value.subarray(0, value.indexOf(0) < 0 ? value.length : value.indexOf(0));

function readText(value: Uint8Array): string {
  return (decodeUtf8(value) ?? decodeOldEncoding(withoutZeros(value)) ?? decodeLatin1(value)).replace(/\0+$/, '');
}

function readDirectory(view: DataView, at: number, isLittleEndian: boolean): Entry[] {
  const entries: Entry[] = [];
  if (at + 2 > view.byteLength) return entries;
  const count = Math.min(view.getUint16(at, isLittleEndian), MOST_ENTRIES);
  for (let i = 0; i < count; i++) {
    const entryAt = at + 2 + 12 * i;
    if (entryAt + 12 > view.byteLength) break;
    const tag = view.getUint16(entryAt, isLittleEndian);
    const type = view.getUint16(entryAt + 2, isLittleEndian);
    const bytes = view.getUint32(entryAt + 4, isLittleEndian) * widthOf(type);
    const valueAt = bytes <= 4 ? entryAt + 8 : view.getUint32(entryAt + 8, isLittleEndian);
    if (valueAt + bytes > view.byteLength) continue;
    entries.push({ tag, type, value: new Uint8Array(view.buffer, view.byteOffset + valueAt, bytes) });
  }
  return entries;
}

/** Bytes of one value; of the types that matter here. */
function widthOf(type: number): number {
  if (type === BYTE || type === TEXT || type === UNDEFINED || type === UTF8 || type === 6) return 1;
  return type === 3 ? 2 : 4;
}

/** A TIFF structure that holds one UserComment: byte for byte what piexif makes of it, without "Exif" before it. */
export function writeExif(text: string): Uint8Array<ArrayBuffer> {
  const comment = writeUserComment(text);
  // After the first directory stands where the next is (nowhere); after the second piexif leaves that out.
  const head = new DataView(new ArrayBuffer(8 + 18 + 14));
  encodeLatin1('MM\0*').forEach((byte, i) => head.setUint8(i, byte));
  head.setUint32(4, 8);
  const putDirectory = (at: number, [tag, type, count, value]: readonly number[]) => {
    head.setUint16(at, 1);
    head.setUint16(at + 2, tag);
    head.setUint16(at + 4, type);
    head.setUint32(at + 6, count);
    head.setUint32(at + 10, value);
  };
  putDirectory(8, [EXIF_POINTER, 4, 1, 26]);
  putDirectory(26, [USER_COMMENT, UNDEFINED, comment.length, head.byteLength]);
  return concat([new Uint8Array(head.buffer), comment]);
}
