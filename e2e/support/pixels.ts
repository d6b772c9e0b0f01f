/** The pixels of a picture, and what can be said about them without looking. */
import type { Locator } from '@playwright/test';
import { PNG } from 'pngjs';
import { psnr as psnrOf } from '../../src/core/image/testing/psnr';

export interface Bitmap {
  width: number;
  height: number;
  /** RGBA 0…255, row by row. */
  data: Uint8Array;
}

export type Colour = [red: number, green: number, blue: number];

/** The pixels of an `img` at its true size: from its bytes, not from a photograph of the screen. */
export async function readImage(image: Locator): Promise<Bitmap> {
  const pixels = await image.evaluate(async (node) => {
    const img = node as HTMLImageElement;
    await img.decode();
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d canvas');
    context.drawImage(img, 0, 0);
    const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { width, height, data: Array.from(data) };
  });
  return { ...pixels, data: Uint8Array.from(pixels.data) };
}

/** @throws Error where the bytes are no PNG */
export function readPng(bytes: Buffer): Bitmap {
  const { width, height, data } = PNG.sync.read(bytes);
  return { width, height, data: Uint8Array.from(data) };
}

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Mean colour of an area, given as shares 0…1 of the picture. */
export function meanColour(bitmap: Bitmap, area: Area): Colour {
  const sum: Colour = [0, 0, 0];
  let count = 0;
  for (const [x, y] of cells(bitmap, area)) {
    const at = (y * bitmap.width + x) * 4;
    for (const channel of [0, 1, 2] as const) sum[channel] += bitmap.data[at + channel] ?? 0;
    count += 1;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Share 0…1 of the pixels of an area for which `is` holds. */
export function shareOf(bitmap: Bitmap, area: Area, is: (colour: Colour) => boolean): number {
  let hits = 0;
  let count = 0;
  for (const [x, y] of cells(bitmap, area)) {
    const at = (y * bitmap.width + x) * 4;
    const [red = 0, green = 0, blue = 0] = bitmap.data.subarray(at, at + 3);
    if (is([red, green, blue])) hits += 1;
    count += 1;
  }
  return hits / count;
}

function* cells({ width, height }: Bitmap, area: Area): Generator<[x: number, y: number]> {
  const right = Math.round((area.left + area.width) * width);
  const bottom = Math.round((area.top + area.height) * height);
  for (let y = Math.round(area.top * height); y < bottom; y++)
    for (let x = Math.round(area.left * width); x < right; x++) yield [x, y];
}

/** Where the starter draws its subject, and the corners it leaves to the background. */
export const MIDDLE: Area = { left: 0.25, top: 0.3, width: 0.5, height: 0.5 };
export const CORNERS: Area[] = [
  [0, 0],
  [0.92, 0],
  [0, 0.92],
  [0.92, 0.92],
].map(([left = 0, top = 0]) => ({ left, top, width: 0.08, height: 0.08 }));

/** One channel stands out by this much of 255: far more than noise or a grey picture has. */
const CLEARLY = 60;

export const isRed = ([red, green, blue]: Colour): boolean => red > green + CLEARLY && red > blue + CLEARLY;
export const isGreen = ([red, green, blue]: Colour): boolean => green > red + CLEARLY && green > blue + CLEARLY;
export const isBlue = ([red, green, blue]: Colour): boolean => blue > red + CLEARLY && blue > green + CLEARLY;
export const isWhite = (colour: Colour): boolean => colour.every((value) => value > 220);

/** In decibels: see there. */
export const psnr = (a: Bitmap, b: Bitmap): number => psnrOf(a.data, b.data);
