/** A picture file of the command line as pixels, upright: PNG to the byte, colours under alpha too; others by libvips. */
import { PNG } from 'pngjs';
import { readOrientation } from '../../src/core/image/metadata/orientation';
import { orient } from '../../src/core/image/paste';
import { fromPixels, type Raster } from '../../src/core/image/raster';

/** Most pixels, as in the page: more is a mistake, or an attack. */
const MOST_PIXELS = 128e6;
const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47];

/**
 * PNG, JPEG, WebP, AVIF, GIF and TIFF; of several frames the first, 8 bits a channel, in sRGB, turned as its EXIF says.
 * @throws Error in one sentence that names no file
 */
export async function readPicture(bytes: Uint8Array): Promise<Raster<4>> {
  const isPng = PNG_MAGIC.every((byte, i) => bytes[i] === byte);
  try {
    return isPng ? readPng(bytes) : await readOther(bytes);
  } catch (error) {
    throw new Error(
      `The file cannot be read as a picture: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      { cause: error },
    );
  }
}

function readPng(bytes: Uint8Array): Raster<4> {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return orient(fromPixels({ width, height, data: Uint8ClampedArray.from(data) }), readOrientation(bytes));
}

/** Sharp is native and slow to open: only where it is wanted. */
async function readOther(bytes: Uint8Array): Promise<Raster<4>> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return fromPixels({ width: info.width, height: info.height, data: Uint8ClampedArray.from(data) });
}
