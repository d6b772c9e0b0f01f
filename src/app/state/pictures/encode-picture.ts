/** Pixels to files: the exact PNG that is kept, and the small picture for lists. */
import { AppError } from '../../../core/errors';
import type { Pixels } from '../../../engine/api';

/** Longest side of a thumbnail: sharp in the gallery on a screen with two pixels a CSS pixel. */
const THUMBNAIL_PX = 320;
const THUMBNAIL_QUALITY = 0.82;

type Extent = Pick<Pixels, 'width' | 'height'>;

export type PictureMime = 'image/png' | 'image/jpeg' | 'image/webp';

/** Pixels, alpha 255, to the same pixels in a PNG. @throws AppError 'out-of-memory' where no canvas of that size can be had */
export function encodePng(pixels: Pixels): Promise<Blob> {
  return toBlob(drawPixels(pixels), 'image/png');
}

/** The file that is kept: the exact pixels, with the recipe as A1111 writes it. */
export async function encodePicture(pixels: Pixels, infotext: string): Promise<Blob> {
  return withInfotext(await encodePng(pixels), infotext);
}

/** What writes a recipe into a picture. */
const fetchEmbedding = () => import('../../../core/image/metadata');

/** The same picture, with the text where A1111 looks for it. @throws AppError 'bad-file' where the format holds none */
export async function withInfotext(file: Blob, infotext: string): Promise<Blob> {
  if (infotext === '') return file;
  const { embedInfotext } = await fetchEmbedding();
  const bytes = embedInfotext(new Uint8Array(await file.arrayBuffer()), infotext);
  return new Blob([bytes], { type: file.type });
}

/** A small picture of at most 320 by 320 pixels. */
export function makeThumbnail(pixels: Pixels): Promise<Blob> {
  return shrink(drawPixels(pixels));
}

/** File and thumbnail of a sheet. */
export async function makeSheetFiles(
  canvas: HTMLCanvasElement,
  infotext: string,
): Promise<{ file: Blob; thumbnail: Blob }> {
  return { file: await withInfotext(await toBlob(canvas, 'image/png'), infotext), thumbnail: await shrink(canvas) };
}

async function shrink(whole: HTMLCanvasElement): Promise<Blob> {
  const scale = Math.min(1, THUMBNAIL_PX / Math.max(whole.width, whole.height));
  if (scale === 1) return toBlob(whole, 'image/webp', 1);
  const small = createCanvas({ width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) });
  const context = contextOf(small);
  context.imageSmoothingQuality = 'high';
  context.drawImage(whole, 0, 0, small.width, small.height);
  const thumbnail = await toBlob(small, 'image/webp', THUMBNAIL_QUALITY);
  // WebKit writes no WebP, and gives a PNG of ten times its size.
  return thumbnail.type === 'image/webp' ? thumbnail : toBlob(small, 'image/jpeg', THUMBNAIL_QUALITY);
}

/** The same picture as another kind of file; JPEG and WebP lose a little. @param quality 0…1 */
export async function convertPicture(file: Blob, mime: PictureMime, quality = 0.95): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const canvas = createCanvas(bitmap);
    contextOf(canvas).drawImage(bitmap, 0, 0);
    return await toBlob(canvas, mime, quality);
  } finally {
    bitmap.close();
  }
}

export function createCanvas({ width, height }: Extent): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw noRoom(canvas);
  return context;
}

export async function toBlob(canvas: HTMLCanvasElement, mime: PictureMime, quality?: number): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, mime, quality));
  if (!blob) throw noRoom(canvas);
  return blob;
}

function drawPixels({ width, height, data }: Pixels): HTMLCanvasElement {
  const canvas = createCanvas({ width, height });
  contextOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

function noRoom({ width, height }: Extent): AppError {
  return new AppError(
    'out-of-memory',
    `The browser could not hold a picture of ${width} by ${height} pixels to save it.`,
  );
}
