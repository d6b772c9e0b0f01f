/** Pictures in files, as the questions about them read and write them. */
import { readFile, writeFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { fromPixels, toRgba, type Raster } from '../../src/core/image/raster';
import { UsageError } from './arguments';

/** A PNG of 8 bits as it is, colours under alpha too; JPEG, WebP and AVIF turned as they say. @throws UsageError */
export async function readPicture(path: string): Promise<Raster<4>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`"${path}" cannot be read: ${textOf(error)}.`);
  });
  const isPng = bytes.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1'));
  try {
    return isPng ? readPng(bytes) : await readOther(bytes);
  } catch (error) {
    throw new UsageError(`"${path}" cannot be read as a picture: ${textOf(error)}.`);
  }
}

export function readPng(bytes: Uint8Array): Raster<4> {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return fromPixels({ width, height, data: new Uint8ClampedArray(data) });
}

async function readOther(bytes: Uint8Array): Promise<Raster<4>> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes)
    .rotate()
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return fromPixels({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) });
}

/** As an RGBA PNG. @throws UsageError where it cannot be written */
export async function writePicture(path: string, picture: Raster): Promise<void> {
  const { width, height, data } = toRgba(picture);
  const png = new PNG({ width, height });
  png.data.set(data);
  try {
    await writeFile(path, PNG.sync.write(png));
  } catch (error) {
    throw new UsageError(`"${path}" cannot be written: ${textOf(error)}.`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
