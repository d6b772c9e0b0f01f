/** EXIF's UserComment: eight bytes that name the encoding, then text. */
import { decodeAs, decodeLatin1, decodeUtf16, decodeUtf8, encodeLatin1, encodeUtf16Be } from '../../bytes/text-bytes';
import { concat } from '../../bytes/concat';
import { decodeOldEncoding } from '../../bytes/old-encodings';

const UNICODE = 'UNICODE\0';

/** Writes a comment as piexif does: UTF-16, big-endian, without a mark. */
export function writeUserComment(text: string): Uint8Array<ArrayBuffer> {
  return concat([encodeLatin1(UNICODE), encodeUtf16Be(text)]);
}

/**
 * Programs agree on the name and not on what it means: both byte orders, UTF-8 under any name, names in other case, and no name
 * at all. Zero bytes tell UTF-16 from all others.
 */
export function readUserComment(bytes: Uint8Array): string {
  const code = decodeLatin1(bytes.subarray(0, 8));
  const isNamed = CODES.test(code);
  const body = isNamed ? bytes.subarray(8) : bytes;
  const end = lastByte(body);
  const japanese = /^jis/i.test(code) ? decodeJapanese(body.subarray(0, end)) : undefined;
  if (japanese !== undefined) return japanese;
  const utf8 = body.subarray(0, end).includes(0) ? undefined : decodeUtf8(body.subarray(0, end));
  const text = utf8 ?? (isUtf16(body, code) ? decodeUnicode(body) : decodeBytes(body.subarray(0, end)));
  return text.replace(/\0+$/, '').replace(/^\uFEFF/, '');
}

const decodeBytes = (bytes: Uint8Array): string => decodeOldEncoding(bytes) ?? decodeLatin1(bytes);

/** JIS X 0208 by its escapes, as Exif says; Windows' own where there are none. ASCII alone is left to the others. */
function decodeJapanese(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0x1b)) return decodeAs(bytes, 'iso-2022-jp');
  return bytes.some((byte) => byte > 0x7f) && decodeUtf8(bytes) === undefined
    ? decodeAs(bytes, 'shift_jis')
    : undefined;
}

/** The names of Exif, however they are padded. */
const CODES = /^(unicode|ascii|jis|utf-?8|utf-?16)[\0 ]*$|^\0{8}$/i;

/** Length without the zeros that fill it up. */
function lastByte(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

function isUtf16(body: Uint8Array, code: string): boolean {
  if (/^(unicode|utf-?16)/i.test(code)) return true;
  return countAscii(body, 0) > body.length / 4 || countAscii(body, 1) > body.length / 4;
}

/** piexif writes big-endian; others keep to the byte order of the file or say it with a mark. */
function decodeUnicode(body: Uint8Array): string {
  if (body[0] === 0xfe && body[1] === 0xff) return decodeUtf16(body.subarray(2), false);
  if (body[0] === 0xff && body[1] === 0xfe) return decodeUtf16(body.subarray(2), true);
  return decodeUtf16(body, countAscii(body, 0) > countAscii(body, 1));
}

/** Every infotext has ASCII letters: with the right byte order they are where they belong. */
function countAscii(body: Uint8Array, low: 0 | 1): number {
  let count = 0;
  for (let i = 0; i + 1 < body.length; i += 2) {
    const unit = body[i + low];
    if (body[i + 1 - low] === 0 && (unit === 10 || (unit >= 0x20 && unit < 0x7f))) count++;
  }
  return count;
}
