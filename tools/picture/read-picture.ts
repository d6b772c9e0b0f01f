/** A picture file of the command line as pixels, upright: PNG to the byte, colours under alpha too; others by libvips. */
import { createRequire } from 'node:module';
import { PNG } from 'pngjs';
import { readOrientation } from '../../src/core/image/metadata/orientation';
import { orient } from '../../src/core/image/paste';
import { fromPixels, type Raster } from '../../src/core/image/raster';
import { pillowResize } from '../../src/core/image/resample';
import { assertExtent, fitExtent } from '../../src/core/image/start-extent';

/** Most pixels, as in the page: more is a mistake, or an attack. */
const MOST_PIXELS = 128e6;
const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47];

/**
 * PNG, JPEG, WebP, AVIF, GIF and TIFF; of several frames the first, 8 bits a channel, in sRGB, turned as its EXIF says.
 * @throws Error in one sentence that names no file
 */
export async function readPicture(bytes: Uint8Array): Promise<Raster<4>> {
  if (bytes.length === 0) throw new Error('The file cannot be read as a picture: it is empty.');
  const isPng = PNG_MAGIC.every((byte, i) => bytes[i] === byte);
  try {
    return isPng ? readPng(bytes) : await readOther(bytes);
  } catch (error) {
    throw new Error(`The file cannot be read as a picture: ${reasonOf(error)}.`, { cause: error });
  }
}

/** The same of a picture to start from: no smaller than is of use and, as in the page, no larger. @param name  of the file */
export async function readStart(bytes: Uint8Array, name: string): Promise<{ picture: Raster<4>; note?: string }> {
  const picture = await readPicture(bytes).catch((error: unknown) => {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  assertExtent(name, picture);
  const to = fitExtent(picture);
  if (to.width === picture.width && to.height === picture.height) return { picture };
  const sizes = `${picture.width} × ${picture.height} pixels to ${to.width} × ${to.height}`;
  return {
    picture: pillowResize(picture, to, { filter: 'lanczos' }),
    note: `${name} is made smaller, from ${sizes}: no model paints more.`,
  };
}

/** The decoders' own words say little; most often a file was not copied to its end. */
const UNKNOWN_KIND = /unsupported image format|Input Buffer is empty/i;

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message.split('\n')[0].replace(/[.\s]+$/, '') : String(error);
  if (UNKNOWN_KIND.test(said)) return 'it is no PNG, JPEG, WebP, AVIF, GIF or TIFF';
  return /pixel/i.test(said) ? said : 'it is broken or incomplete';
}

function readPng(bytes: Uint8Array): Raster<4> {
  const said = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const area = bytes.byteLength < 24 ? 0 : said.getUint32(16) * said.getUint32(20);
  if (area > MOST_PIXELS) throw new Error(`it has more than ${MOST_PIXELS / 1e6} million pixels`);
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return orient(fromPixels({ width, height, data: new Uint8ClampedArray(data) }), readOrientation(bytes));
}

/** Sharp is native and slow to open: only where it is wanted. Vite, which ran this module, may have been closed by then: Node itself fetches it. */
async function readOther(bytes: Uint8Array): Promise<Raster<4>> {
  const sharp = createRequire(import.meta.url)('sharp') as typeof import('sharp').default;
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return fromPixels({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) });
}
