/** How a stored picture is to be turned before it is seen. Turning is `paste/orient.ts`. @see Exif 2.32, 4.6.4 A, tag 0x0112 */
import type { Orientation } from '../paste/orient';
import { readExifNumber } from './exif';
import { isJpeg, readJpeg } from './jpeg';
import { isPng, readPng } from './png';
import { isWebp, readWebp } from './webp';

const ORIENTATION = 0x0112;

/**
 * The turn that a JPEG, PNG or WebP asks for; 1 where the file says nothing, or nothing of sense. Never throws.
 *
 * AVIF is 1 always: it keeps turns in properties of its own, which every decoder follows, and its EXIF does not count
 * (ISO/IEC 23000-22). Whether a browser has turned the pixels of a WebP already differs: Chromium does not, WebKit does.
 */
export function readOrientation(bytes: Uint8Array): Orientation {
  const exif = exifOf(bytes);
  const value = exif && readExifNumber(exif, ORIENTATION);
  return value !== undefined && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

function exifOf(bytes: Uint8Array): Uint8Array | undefined {
  if (isJpeg(bytes)) return readJpeg(bytes).exif;
  if (isPng(bytes)) return readPng(bytes).exif;
  return isWebp(bytes) && bytes.length >= 12 ? readWebp(bytes).exif : undefined;
}
