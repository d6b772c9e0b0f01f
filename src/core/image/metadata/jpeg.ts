/** Where a JPEG keeps EXIF and its comment. @see ITU-T T.81 B.1.1; Exif 2.32, 4.5.4 */
import { AppError } from '../../errors';
import { EXIF_PREFIX, writeExif } from './exif';
import { PHOTOSHOP_PREFIX, readIptc } from './iptc';
import { concat } from '../../bytes/concat';
import { decodeOldEncoding } from '../../bytes/old-encodings';
import { decodeLatin1, decodeUtf8, encodeLatin1, startsWithAt } from '../../bytes/text-bytes';

interface Segment {
  marker: number;
  at: number;
  end: number;
}

const [APP0, APP1, APP13, COMMENT, START_OF_SCAN, END_OF_IMAGE] = [0xe0, 0xe1, 0xed, 0xfe, 0xda, 0xd9];
/** A segment tells its length in 16 bits. */
const MOST_SEGMENT_BYTES = 65533;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

export interface JpegTexts {
  exif?: Uint8Array;
  xmp?: Uint8Array;
  comment?: string;
  /** IPTC's captions by name. */
  iptc: Record<string, string>;
  /** False where the file ends before its pixels. */
  isWhole: boolean;
}

export function readJpeg(bytes: Uint8Array): JpegTexts {
  const found: JpegTexts = { iptc: {}, isWhole: false };
  const more: Uint8Array[] = [];
  let end = 2;
  for (const segment of segmentsOf(bytes)) {
    const data = bytes.subarray(segment.at + 4, segment.end);
    end = segment.end;
    if (isExif(bytes, segment)) found.exif ??= data;
    else if (segment.marker === APP1 && startsWithAt(data, 0, XMP_PREFIX))
      found.xmp ??= data.subarray(XMP_PREFIX.length);
    // A signature, the whole length and an offset stand before each part.
    else if (segment.marker === APP1 && startsWithAt(data, 0, MORE_XMP_PREFIX))
      more.push(data.subarray(MORE_XMP_PREFIX.length + 40));
    else if (segment.marker === APP13 && startsWithAt(data, 0, PHOTOSHOP_PREFIX))
      Object.assign(found.iptc, readIptc(data.subarray(PHOTOSHOP_PREFIX.length)));
    else if (segment.marker === COMMENT)
      found.comment ??= decodeUtf8(data) ?? decodeOldEncoding(data) ?? decodeLatin1(data);
  }
  if (more.length > 0) found.xmp = concat([...(found.xmp ? [found.xmp] : []), ...more]);
  found.isWhole = bytes[end] === 0xff && (bytes[end + 1] === START_OF_SCAN || bytes[end + 1] === END_OF_IMAGE);
  return found;
}

const XMP_PREFIX = 'http://ns.adobe.com/xap/1.0/\0';
const MORE_XMP_PREFIX = 'http://ns.adobe.com/xmp/extension/\0';

function isExif(bytes: Uint8Array, { marker, at }: Segment): boolean {
  return marker === APP1 && startsWithAt(bytes, at + 4, EXIF_PREFIX);
}

/** Segments up to the pixels. */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return;
    // Any number of 0xFF may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (end < at + 4 || end > bytes.length) return;
    yield { marker, at, end };
    at = end;
  }
}

/**
 * With this text as its UserComment, in place of the EXIF it has.
 *
 * @throws AppError 'bad-request' for a text that does not fit in a segment
 */
export function embedJpegText(bytes: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const exif = concat([encodeLatin1(EXIF_PREFIX), writeExif(text)]);
  if (exif.length > MOST_SEGMENT_BYTES)
    throw new AppError('bad-request', `A JPEG holds a text of 32 000 characters, not ${text.length}: save it as PNG.`);
  const segments = [...segmentsOf(bytes)];
  const rest = segments.length > 0 ? segments[segments.length - 1].end : 2;
  const isFirst = (segment: Segment) => segment.marker === APP0;
  const copy = ({ at, end }: Segment) => bytes.subarray(at, end);
  const head = new Uint8Array([0xff, APP1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  return concat([
    bytes.subarray(0, 2),
    ...segments.filter(isFirst).map(copy),
    head,
    exif,
    ...segments.filter((segment) => !isFirst(segment) && !isExif(bytes, segment)).map(copy),
    bytes.subarray(rest),
  ]);
}
