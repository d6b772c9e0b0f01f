/** Tags of WebM and Matroska films. @see RFC 8794 (EBML), RFC 9559 (Matroska), 5.1.8 */
import { decodeLatin1, decodeUtf8Leniently } from '../../bytes/text-bytes';

const [EBML, SEGMENT, TAGS, TAG, SIMPLE_TAG, TAG_NAME, TAG_STRING] = [
  0x1a45dfa3, 0x18538067, 0x1254c367, 0x7373, 0x67c8, 0x45a3, 0x4487,
];
/** A damaged file has as many as it has bytes. */
const MOST_ELEMENTS = 100_000;

export function isWebm(bytes: Uint8Array): boolean {
  return readId(bytes, 0)?.value === EBML;
}

/** Tags by name, in small letters. */
export function readWebm(bytes: Uint8Array): Record<string, string> {
  const texts: Record<string, string> = {};
  const simple = within(within(within([bytes], SEGMENT), TAGS), TAG);
  for (const one of within(simple, SIMPLE_TAG)) {
    const [name] = within([one], TAG_NAME);
    const [text] = within([one], TAG_STRING);
    if (name && text) texts[decodeLatin1(name).toLowerCase()] ??= decodeUtf8Leniently(text);
  }
  return texts;
}

/** What elements of this kind hold, in all of these. */
function within(parents: readonly (Uint8Array | undefined)[], wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let left = MOST_ELEMENTS;
  for (const parent of parents) {
    for (let at = 0; parent && at < parent.length && left-- > 0;) {
      const id = readId(parent, at);
      const size = id && readSize(parent, at + id.bytes);
      if (!id || !size) break;
      const from = at + id.bytes + size.bytes;
      const end = Math.min(size.value ?? parent.length, parent.length - from) + from;
      if (id.value === wanted) found.push(parent.subarray(from, end));
      at = end;
    }
  }
  return found;
}

interface Read<Value> {
  value: Value;
  bytes: number;
}

/** The first bit that is set tells the length; it belongs to the number. */
function readId(bytes: Uint8Array, at: number): Read<number> | undefined {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length < 1 || length > 4 || at + length > bytes.length) return undefined;
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[at + i];
  return { value, bytes: length };
}

/** The same without that bit; all others set is "unknown". */
function readSize(bytes: Uint8Array, at: number): Read<number | undefined> | undefined {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length < 1 || length > 8 || at + length > bytes.length) return undefined;
  let value = bytes[at] & (2 ** (8 - length) - 1);
  let isUnknown = value === 2 ** (8 - length) - 1;
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i];
    isUnknown &&= bytes[at + i] === 0xff;
  }
  return { value: isUnknown ? undefined : value, bytes: length };
}
