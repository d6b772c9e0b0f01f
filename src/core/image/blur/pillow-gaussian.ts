/**
 * Pillow's GaussianBlur, to the byte: three box blurs across, then three down, each rounded to whole levels.
 *
 * What it costs does not depend on the radius. Boxes end in parts of pixels; outside the picture its edge goes on.
 * @see Pillow 10.4, BoxBlur.c; Gwosdek et al., Theoretical Foundations of Gaussian Convolution by Extended Box Filtering
 */
import { orient } from '../paste/orient';
import { raster, type Channels, type Raster } from '../raster';

const PASSES = 3;
/** Weights are whole numbers of 2⁻²⁴. */
const ONE = 2 ** 24;

/** @param radius standard deviation in pixels, 0 and more; all channels alike, so multiply colours with alpha first */
export function pillowGaussian<C extends Channels>(picture: Raster<C>, radius: number): Raster<C> {
  const box = boxOf(radius);
  if (box.reach === 0) return raster(picture, picture.channels, picture.data.slice());
  // Pixels of a column lie far apart in memory: on its side, a picture is blurred several times as fast.
  return turned(blurAcross(turned(blurAcross(picture, box)), box));
}

const turned = <C extends Channels>(picture: Raster<C>): Raster<C> => orient(picture, 5);

interface BoxWindow {
  /** Pixels to each side, with the part of one at the end. */
  reach: number;
  /** Whole pixels to each side. */
  whole: number;
  /** Weight of each whole pixel, and of the ones beyond them. */
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

/** Line by line, each with its ends put on as often as the box reaches over them. */
function blurAcross<C extends Channels>(picture: Raster<C>, box: BoxWindow): Raster<C> {
  const { width, channels, data } = picture;
  const to = raster(picture, channels);
  const pad = box.whole + 1;
  let [line, next] = [new Uint8Array(width + 2 * pad), new Uint8Array(width + 2 * pad)];
  for (let row = 0; row < data.length; row += width * channels)
    for (let first = row; first < row + channels; first++) {
      for (let i = 0; i < width; i++) line[pad + i] = data[first + i * channels];
      for (let pass = 0; pass < PASSES; pass++) {
        line.fill(line[pad], 0, pad).fill(line[pad + width - 1], pad + width);
        boxBlur(line, next, box);
        [line, next] = [next, line];
      }
      for (let i = 0; i < width; i++) to.data[first + i * channels] = line[pad + i];
    }
  return to;
}

/** All but the ends that were put on. */
function boxBlur(from: Uint8Array, to: Uint8Array, { whole, weight, endWeight }: BoxWindow): void {
  const pad = whole + 1;
  let sum = 0;
  for (let i = 0; i < 2 * whole + 1; i++) sum += from[i];
  for (let i = pad; i < from.length - pad; i++) {
    sum += from[i + whole] - from[i - pad];
    // Stored as whole numbers, rounded down.
    to[i] = (sum * weight + (from[i - pad] + from[i + pad]) * endWeight + ONE / 2) / ONE;
  }
}
