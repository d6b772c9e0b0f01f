/** Bytes of a text file as text, in whatever encoding an editor wrote them. */
import { decodeOldEncoding } from '../../bytes/old-encodings';
import { decodeUtf16, decodeUtf8, decodeWindows } from '../../bytes/text-bytes';

/** UTF-8, UTF-16 with a mark, as Windows' editors write it, or an encoding of a country; undefined where the bytes are no text. */
export function decodeTextFile(file: Uint8Array): string | undefined {
  if (isUtf32(file)) return decodeUtf32(file);
  // A zero at the end may be half of the last letter here.
  if (file[0] === 0xff && file[1] === 0xfe) return withoutLastZeros(decodeUtf16(file.subarray(2), true));
  if (file[0] === 0xfe && file[1] === 0xff) return withoutLastZeros(decodeUtf16(file.subarray(2), false));
  const bytes = withoutEnd(file);
  if (bytes.includes(0)) return isBareUtf16(bytes) ? decodeUtf16(bytes, bytes[0] !== 0) : undefined;
  return (
    decodeUtf8(bytes)?.replace(/^\uFEFF/, '') ??
    (isFreeOfControls(bytes) ? (decodeOldEncoding(bytes) ?? decodeWestern(bytes)) : undefined)
  );
}

/** Its mark is UTF-16's and two zeros. */
const isUtf32 = (bytes: Uint8Array): boolean =>
  bytes.length > 7 &&
  bytes.length % 4 === 0 &&
  bytes[0] === 0xff &&
  bytes[1] === 0xfe &&
  bytes[2] === 0 &&
  bytes[3] === 0;

function decodeUtf32(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const codes = Array.from({ length: bytes.length / 4 - 1 }, (_, i) => view.getUint32(4 * i + 4, true));
  return codes.some((code) => code > 0x10ffff) ? undefined : codes.map((code) => String.fromCodePoint(code)).join('');
}

const withoutLastZeros = (text: string): string => text.replace(/\0+$/, '');

/** Programs in C write the zero at a text's end, too; in UTF-16 the last letter has one of its own. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end).includes(0) ? bytes : bytes.subarray(0, end);
}

/** ASCII letters with zeros between, to the end. */
function isBareUtf16(bytes: Uint8Array): boolean {
  const zero = bytes[0] === 0 ? 0 : 1;
  return bytes.length > 15 && bytes.length % 2 === 0 && bytes.every((byte, i) => (byte === 0) === (i % 2 === zero));
}

/** Least share of plain letters in a Western text: what has fewer is no text. */
const LEAST_ASCII = 0.8;

/** An old editor's letters, where nearly all of it is plain. */
function decodeWestern(bytes: Uint8Array): string | undefined {
  const plain = bytes.filter((byte) => byte < 0x7f);
  return plain.length > LEAST_ASCII * bytes.length ? decodeWindows(bytes) : undefined;
}

const isFreeOfControls = (bytes: Uint8Array): boolean =>
  !bytes.some((byte) => byte < 0x20 && ![9, 10, 13].includes(byte));
