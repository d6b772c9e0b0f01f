/**
 * Pillow's GaussianBlur, to the byte: three box blurs across, then three down, each rounded to whole levels.
 *
 * What it costs does not depend on the radius. Boxes end in parts of pixels; outside the picture its edge goes on.
 * @see Pillow 10.4, BoxBlur.c; Gwosdek et al., Theoretical Foundations of Gaussian Convolution by Extended Box Filtering
 */
import { raster, type Channels, type Raster } from '../raster';

const PASSES = 3;
/** Weights are whole numbers of 2⁻²⁴. */
const ONE = 2 ** 24;

/** @param radius standard deviation in pixels, 0 and more; all channels alike, so multiply colours with alpha first */
export function pillowGaussian<C extends Channels>(picture: Raster<C>, radius: number): Raster<C> {
  const blurred = raster(picture, picture.channels, picture.data.slice());
  const box = boxOf(radius);
  if (box.reach === 0) return blurred;
  const { width, height, channels, data } = blurred;
  for (let row = 0; row < height; row++)
    for (let c = 0; c < channels; c++)
      blurLine(data, { first: row * width * channels + c, step: channels, length: width }, box);
  for (let at = 0; at < width * channels; at++)
    blurLine(data, { first: at, step: width * channels, length: height }, box);
  return blurred;
}

interface BoxWindow {
  /** Pixels to each side, with the part of one at the end. */
  reach: number;
  /** Whole pixels to each side. */
  whole: number;
  /** Of each whole pixel, and of the ones beyond them. */
  weight: number;
  endWeight: number;
}

/** The box that has, three times over, the radius as its standard deviation. In float32, as Pillow counts. */
function boxOf(radius: number): BoxWindow {
  const f = Math.fround;
  const variance = f(f(f(radius) * f(radius)) / PASSES);
  const side = f(Math.sqrt(12 * variance + 1));
  const whole = f(Math.floor((side - 1) / 2));
  const excess = f(f(2 * whole + 1) * f(f(whole * f(whole + 1)) - f(3 * variance)));
  const part = f(excess / f(6 * f(variance - f(f(whole + 1) * f(whole + 1)))));
  const reach = f(whole + part);
  const weight = Math.floor(f(ONE / f(f(reach * 2) + 1)));
  const ends = ONE - (2 * Math.trunc(reach) + 1) * weight;
  return { reach, whole: Math.trunc(reach), weight, endWeight: Math.trunc(ends / 2) };
}

interface Line {
  first: number;
  step: number;
  length: number;
}

function blurLine(data: Uint8ClampedArray, { first, step, length }: Line, box: BoxWindow): void {
  let from = Uint8Array.from({ length }, (_, i) => data[first + i * step]);
  let to = new Uint8Array(length);
  for (let pass = 0; pass < PASSES; pass++) {
    boxBlur(from, to, box);
    [from, to] = [to, from];
  }
  for (let i = 0; i < length; i++) data[first + i * step] = from[i];
}

function boxBlur(from: Uint8Array, to: Uint8Array, { whole, weight, endWeight }: BoxWindow): void {
  const last = from.length - 1;
  const at = (i: number): number => from[i < 0 ? 0 : i > last ? last : i];
  let sum = 0;
  for (let i = -whole - 1; i < whole; i++) sum += at(i);
  for (let i = 0; i <= last; i++) {
    sum += at(i + whole) - at(i - whole - 1);
    const ends = at(i - whole - 1) + at(i + whole + 1);
    to[i] = Math.floor((sum * weight + ends * endWeight + ONE / 2) / ONE);
  }
}
