/** EXIF's UserComment: eight bytes that name the encoding, then text. */
import {
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
  decodeUtf8Leniently,
  encodeLatin1,
  encodeUtf16Be,
} from '../../bytes/text-bytes';
import { concat } from '../../bytes/concat';

const UNICODE = 'UNICODE\0';
const ASCII = 'ASCII\0\0\0';
const UNDEFINED = '\0\0\0\0\0\0\0\0';

/** As piexif writes it: UTF-16, big-endian, without a mark. */
export function writeUserComment(text: string): Uint8Array<ArrayBuffer> {
  return concat([encodeLatin1(UNICODE), encodeUtf16Be(text)]);
}

/** Programs agree on the name and not on what it means: both byte orders, ASCII that is UTF-8, and no name at all. */
export function readUserComment(bytes: Uint8Array): string {
  const code = decodeLatin1(bytes.subarray(0, 8));
  const body = bytes.subarray(8);
  const text =
    code === UNICODE
      ? decodeUnicode(body)
      : code === ASCII || code === UNDEFINED
        ? (decodeUtf8(body) ?? decodeLatin1(body))
        : decodeUtf8Leniently(bytes);
  return text.replace(/\0+$/, '');
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
