/** Texts of MP4 and QuickTime films, where savers of ComfyUI put graphs. @see ISO/IEC 14496-12 8.10; QuickTime File Format, metadata */
import { decodeLatin1, decodeUtf8Leniently, startsWithAt } from '../../bytes/text-bytes';
import { Cursor, readBoxes, type Box } from './boxes';

export function isMp4(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 4, 'ftyp');
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\xa9cmt', 'comment'],
  ['\xa9des', 'description'],
  ['desc', 'description'],
  ['\xa9nam', 'title'],
]);
/** Bytes before the text: what kind of value it is, and for which language. */
const VALUE_HEAD = 8;

const inside = (boxes: readonly Box[], type: string): Uint8Array | undefined =>
  boxes.find((box) => box.type === type)?.data;

/** Texts by name: iTunes' own, or keys that a program made up ("prompt", "workflow"). */
export function readMp4(bytes: Uint8Array): Record<string, string> {
  const movie = inside(readBoxes(bytes), 'moov');
  if (!movie) return {};
  const parts = readBoxes(movie);
  const user = inside(parts, 'udta');
  const metas = [inside(parts, 'meta'), user && inside(readBoxes(user), 'meta')];
  const texts: Record<string, string> = {};
  for (const meta of metas) if (meta) readMeta(meta, texts);
  return texts;
}

/** Reads `meta` with four bytes of version in front, as ISO has it, or without, as QuickTime has it. */
function readMeta(meta: Uint8Array, texts: Record<string, string>): void {
  const plain = readBoxes(meta);
  const boxes = plain.some(({ type }) => type === 'ilst') ? plain : readBoxes(meta, 4);
  const list = inside(boxes, 'ilst');
  const keys = readKeys(inside(boxes, 'keys'));
  for (const { type, data } of list ? readBoxes(list) : []) {
    const number = new Cursor(Uint8Array.from(type, (letter) => letter.charCodeAt(0))).uint(4);
    const name = NAMES.get(type) ?? keys[number - 1];
    const value = inside(readBoxes(data), 'data')?.subarray(VALUE_HEAD);
    if (name !== undefined && value && !Object.hasOwn(texts, name)) texts[name] = decodeUtf8Leniently(value);
  }
}

const MOST_KEYS = 1000;

/** Names that items of the list have by number, from 1 on. */
function readKeys(data: Uint8Array | undefined): string[] {
  if (!data) return [];
  const cursor = new Cursor(data.subarray(4));
  const keys: string[] = [];
  for (let left = Math.min(cursor.uint(4), MOST_KEYS); left > 0 && !cursor.isAtEnd; left--) {
    const size = cursor.uint(4);
    const from = 4 + cursor.at + 4;
    if (size < 8) break;
    keys.push(decodeLatin1(data.subarray(from, from + size - 8)).replace(/^com\.apple\.quicktime\./, ''));
    cursor.at += size - 4;
  }
  return keys;
}
