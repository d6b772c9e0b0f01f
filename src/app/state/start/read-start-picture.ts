/** A picture file as pixels to start from: upright, opaque on white, and no larger than is of use. Fetched when one is chosen. */
import { AppError } from '../../../core/errors';
import { orient } from '../../../core/image/paste';
import { fromPixels, raster, type Raster, type Size } from '../../../core/image/raster';
import { pillowResize } from '../../../core/image/resample';
import { assertExtent, fitExtent } from '../../../core/image/start-extent';
import type { Pixels } from '../../../engine/api';
import { UPRIGHT, webpTurn } from './webp-turn';

const MOST_BYTES = 512 * 2 ** 20;
/** Rows and columns resized between two turns of the page. */
const ROWS = 64;
const COLUMNS = 64;

export interface StartPicture {
  pixels: Pixels;
  /** What was done to it, in a sentence. */
  note?: string;
}

/** @throws AppError 'bad-file' in one sentence */
export async function readStartPicture(file: Blob & { name?: string }): Promise<StartPicture> {
  const name = file.name === undefined || file.name === '' ? 'This picture' : file.name;
  if (file.size > MOST_BYTES) throw bad(`${name} is larger than any picture.`);
  const said = await saidSize(file);
  if (!said) throw bad(`${name} is broken, or of a kind that this browser does not show.`);
  assertExtent(name, said);
  const bitmap = await decode(file, name);
  try {
    const to = fitExtent(bitmap);
    const stored = await toPixels(bitmap, to);
    const turn = await webpTurn(file);
    const pixels = turn === 1 ? stored : orient(fromPixels(stored), turn);
    if (to.width === bitmap.width && to.height === bitmap.height) return { pixels };
    const before = turn < 5 ? [bitmap.width, bitmap.height] : [bitmap.height, bitmap.width];
    const sizes = `${before.join(' × ')} pixels to ${pixels.width} × ${pixels.height}`;
    return { pixels, note: `Made smaller, from ${sizes}: no model paints more.` };
  } finally {
    bitmap.close();
  }
}

/** Size that a file says, without decoding it, which for some would take all memory. Undefined where the browser cannot read it. */
async function saidSize(file: Blob): Promise<Size | undefined> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }));
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return undefined; // an event, which says nothing
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

async function decode(file: Blob, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { ...UPRIGHT, colorSpaceConversion: 'default' });
  } catch (error) {
    console.info('A picture could not be decoded.', error);
    throw bad(`${name} could not be decoded: it is broken, or too large for this browser.`);
  }
}

/** Across strip by strip, then down: as Pillow does it at once, and the page goes on meanwhile. */
async function toPixels(bitmap: ImageBitmap, { width, height }: Size): Promise<Pixels> {
  const across = raster({ width, height: bitmap.height }, 4);
  for (let top = 0; top < bitmap.height; top += ROWS) {
    const rows = Math.min(ROWS, bitmap.height - top);
    const strip = raster({ width: bitmap.width, height: rows }, 4, readRows(bitmap, top, rows));
    across.data.set(pillowResize(strip, { width, height: rows }, { filter: 'lanczos' }).data, top * width * 4);
    if (bitmap.width !== width) await breathe();
  }
  return height === bitmap.height ? across : await resizeDown(across, height);
}

async function resizeDown(picture: Raster<4>, height: number): Promise<Pixels> {
  const { width } = picture;
  const to = raster({ width, height }, 4);
  for (let left = 0; left < width; left += COLUMNS) {
    const columns = Math.min(COLUMNS, width - left);
    const box = { left, top: 0, right: left + columns, bottom: picture.height };
    const part = pillowResize(picture, { width: columns, height }, { filter: 'lanczos', box });
    for (let y = 0; y < height; y++)
      to.data.set(part.data.subarray(y * columns * 4, (y + 1) * columns * 4), (y * width + left) * 4);
    await breathe();
  }
  return to;
}

/** RGBA, opaque: what shows through is white, as A1111 has it. */
function readRows(bitmap: ImageBitmap, top: number, rows: number): Uint8ClampedArray<ArrayBuffer> {
  const context = new OffscreenCanvas(bitmap.width, rows).getContext('2d', { willReadFrequently: true });
  if (!context) throw new AppError('out-of-memory', 'The browser has no canvas to read the picture with.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, bitmap.width, rows);
  context.drawImage(bitmap, 0, -top);
  return context.getImageData(0, 0, bitmap.width, rows).data;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function bad(sentence: string): AppError {
  return new AppError('bad-file', sentence);
}
