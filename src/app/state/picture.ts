/** A finished picture as the page keeps it: exact PNG bytes, an address to show them, and what made it. */
import type { GenerationRequest } from '../../core/request';
import { AppError } from '../../core/errors';
import type { DeviceReport, GeneratedPicture, Pixels, Timings } from '../../engine/api';

export interface Picture {
  id: number;
  width: number;
  height: number;
  /** Object URL of the PNG; whoever drops the picture revokes it. */
  url: string;
  request: GenerationRequest;
  modelName: string;
  device: DeviceReport;
  timings: Timings;
  /** What was left out of it, a sentence each. */
  notices: readonly string[];
}

/** Pixels, alpha 255, to the same pixels in a PNG. @throws AppError 'out-of-memory' where no canvas of that size can be had */
export async function encodePng({ width, height, data }: Pixels): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  context?.putImageData(new ImageData(data, width, height), 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!context || !blob)
    throw new AppError(
      'out-of-memory',
      `The browser could not hold a picture of ${width} by ${height} pixels to save it.`,
    );
  return blob;
}

let lastId = 0;

export async function createPicture(
  made: GeneratedPicture,
  modelName: string,
  notices: readonly string[] = [],
): Promise<Picture> {
  const { pixels, request, device, timings } = made;
  const blob = await encodePng(pixels);
  lastId += 1;
  const { width, height } = pixels;
  return { id: lastId, width, height, url: URL.createObjectURL(blob), request, modelName, device, timings, notices };
}

const SLUG_LENGTH = 40;

/** `gesso-7-a-red-apple.png`. */
export function pictureFileName({ seed, prompt }: Pick<GenerationRequest, 'seed' | 'prompt'>): string {
  const words =
    prompt
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const slug = [...words.join('-')].slice(0, SLUG_LENGTH).join('').replace(/-+$/, '');
  return `gesso-${seed}-${slug === '' ? 'picture' : slug}.png`;
}

/** Has the browser save the picture as a file, at its true size. */
export function savePicture(picture: Picture): void {
  const link = document.createElement('a');
  link.href = picture.url;
  link.download = pictureFileName(picture.request);
  link.click();
}
