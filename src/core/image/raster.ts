/** Pictures and masks as bytes with a known number of channels, row by row from the top left. */
import type { Pixels } from './pixels';

/** 1: a mask or grey. 3: RGB. 4: RGBA, colours not multiplied with alpha. */
export type Channels = 1 | 3 | 4;

/** Levels 0…255, interleaved: width · height · channels of them. */
export interface Raster<C extends Channels = Channels> {
  width: number;
  height: number;
  channels: C;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** 255 where to repaint, 0 where to keep. */
export type Mask = Raster<1>;

export interface Size {
  width: number;
  height: number;
}

/** Columns left … right − 1 and rows top … bottom − 1. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @throws RangeError for a size that is not whole or has no pixel, or for bytes that are not as many as it says */
export function raster<C extends Channels>(
  { width, height }: Size,
  channels: C,
  data = new Uint8ClampedArray(width * height * channels),
): Raster<C> {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    throw new RangeError(`A picture of ${width} × ${height} pixels has none.`);
  if (data.length !== width * height * channels)
    throw new RangeError(`${width} × ${height} pixels of ${channels} channels are not ${data.length} bytes.`);
  return { width, height, channels, data };
}

/** The same bytes, not a copy. */
export function fromPixels({ width, height, data }: Pixels): Raster<4> {
  return raster({ width, height }, 4, data);
}

/** @throws RangeError where two that belong together differ in size */
export function assertSameSize(a: Size, b: Size): void {
  if (a.width !== b.width || a.height !== b.height)
    throw new RangeError(`${a.width} × ${a.height} and ${b.width} × ${b.height} pixels do not lie over each other.`);
}

/** All colours as they are; opaque. */
export function toRgba({ width, height, channels, data }: Raster): Raster<4> {
  const to = raster({ width, height }, 4);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) to.data[4 * i + c] = data[channels * i + (channels === 1 ? 0 : c)];
    to.data[4 * i + 3] = channels === 4 ? data[4 * i + 3] : 255;
  }
  return to;
}

/** Alpha is left out, and the colours under it are seen: see flatten for the other way. */
export function toRgb(picture: Raster): Raster<3> {
  const to = raster(picture, 3);
  const { channels, data } = picture;
  for (let i = 0; i < to.data.length; i++) {
    const [pixel, c] = [Math.floor(i / 3), i % 3];
    to.data[i] = data[channels * pixel + (channels === 1 ? 0 : c)];
  }
  return to;
}

/** A part of it. @throws RangeError where the box is empty or reaches outside */
export function cut<C extends Channels>(picture: Raster<C>, box: Box): Raster<C> {
  const { left, top, right, bottom } = box;
  if (left < 0 || top < 0 || right > picture.width || bottom > picture.height)
    throw new RangeError(`${JSON.stringify(box)} is not within ${picture.width} × ${picture.height} pixels.`);
  const to = raster({ width: right - left, height: bottom - top }, picture.channels);
  return put(to, picture, -left, -top);
}

/** Lays `from` into `to` at x, y, which may be negative: what is outside is left out. @returns `to`, changed */
export function put<C extends Channels>(to: Raster<C>, from: Raster<C>, x: number, y: number): Raster<C> {
  const { channels } = to;
  const [first, end] = [Math.max(0, -x), Math.min(from.width, to.width - x)];
  if (end <= first) return to;
  for (let row = Math.max(0, -y); row < Math.min(from.height, to.height - y); row++) {
    const line = from.data.subarray(channels * (row * from.width + first), channels * (row * from.width + end));
    to.data.set(line, channels * ((y + row) * to.width + x + first));
  }
  return to;
}
