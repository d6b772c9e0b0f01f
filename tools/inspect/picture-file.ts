/** Pictures in files, as the questions about them read and write them. */
import { readFile, writeFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { toRgba, type Raster } from '../../src/core/image/raster';
import { readPicture as readBytes } from '../picture/read-picture';
import { UsageError } from './arguments';

/** @throws UsageError */
export async function readPicture(path: string): Promise<Raster<4>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`"${path}" cannot be read: ${textOf(error)}.`);
  });
  try {
    return await readBytes(bytes);
  } catch (error) {
    throw new UsageError(textOf(error).replace(/^The file/, `"${path}"`));
  }
}

/** Writes an RGBA PNG. @throws UsageError where it cannot be written */
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
