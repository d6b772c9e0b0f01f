/**
 * Pillow's Image.resize, to the byte. Browsers resize each in their own way: what reaches a latent is resized here.
 *
 * @see Pillow 10.4, Resample.c and Geometry.c. From 11 on Pillow may go down before it goes across, which gives other bytes.
 */
import { raster, type Box, type Channels, type Raster, type Size } from '../raster';
import type { FilterId, WindowFilter } from './filters';
import { pillowTaps, WEIGHT_BITS } from './pillow-taps';
import { premultiply, unpremultiply } from './premultiply';

export interface ResizeOptions {
  filter: FilterId;
  /** The part to resize, of parts of pixels or of no width or height too; all of it where none is given. */
  box?: Box;
}

/**
 * @returns a new picture, even where nothing changes; that of four channels is resized multiplied with its alpha
 * @throws RangeError for a box outside of the picture, or a size without pixels
 */
export function pillowResize<C extends Channels>(
  picture: Raster<C>,
  size: Size,
  { filter, box = wholeOf(picture) }: ResizeOptions,
): Raster<C> {
  assertWithin(box, picture);
  const isWhole = box.left === 0 && box.top === 0 && box.right === picture.width && box.bottom === picture.height;
  if (isWhole && size.width === picture.width && size.height === picture.height)
    return raster(picture, picture.channels, picture.data.slice());
  if (filter === 'nearest') return nearest(picture, size, box);
  if (picture.channels !== 4) return inWindows(picture, size, { filter, box });
  return unpremultiply(inWindows(premultiply(picture as Raster<4>), size, { filter, box })) as Raster as Raster<C>;
}

const wholeOf = ({ width, height }: Size): Box => ({ left: 0, top: 0, right: width, bottom: height });

function assertWithin({ left, top, right, bottom }: Box, { width, height }: Size): void {
  if (!(left >= 0 && top >= 0 && right <= width && bottom <= height && left <= right && top <= bottom))
    throw new RangeError(`The box ${left}, ${top}, ${right}, ${bottom} is not within ${width} × ${height} pixels.`);
}

interface Windows {
  filter: WindowFilter;
  box: Box;
}

/** Across, and only then down, each rounded to whole levels. */
function inWindows<C extends Channels>(picture: Raster<C>, size: Size, { filter, box }: Windows): Raster<C> {
  const isAcross = size.width !== picture.width || box.left !== 0 || box.right !== size.width;
  const isDown = size.height !== picture.height || box.top !== 0 || box.bottom !== size.height;
  const across = isAcross
    ? resizeAcross(picture, size.width, { length: picture.width, from: box.left, to: box.right, filter })
    : picture;
  return isDown
    ? resizeDown(across, size.height, { length: picture.height, from: box.top, to: box.bottom, filter })
    : across;
}

interface Line {
  length: number;
  from: number;
  to: number;
  filter: WindowFilter;
}

const HALF = 2 ** (WEIGHT_BITS - 1);

function resizeAcross<C extends Channels>(picture: Raster<C>, width: number, line: Line): Raster<C> {
  const { channels, height, data } = picture;
  const { starts, counts, weights, stride } = pillowTaps({ ...line, count: width }, line.filter);
  const to = raster({ width, height }, channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        let at = (y * picture.width + starts[x]) * channels + c;
        for (let k = x * stride; k < x * stride + counts[x]; k++) {
          sum += data[at] * weights[k];
          at += channels;
        }
        to.data[(y * width + x) * channels + c] = sum >> WEIGHT_BITS;
      }
  return to;
}

function resizeDown<C extends Channels>(picture: Raster<C>, height: number, line: Line): Raster<C> {
  const { starts, counts, weights, stride } = pillowTaps({ ...line, count: height }, line.filter);
  const to = raster({ width: picture.width, height }, picture.channels);
  const row = picture.width * picture.channels;
  const { data } = picture;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < row; x++) {
      let sum = HALF;
      let at = starts[y] * row + x;
      for (let k = y * stride; k < y * stride + counts[y]; k++) {
        sum += data[at] * weights[k];
        at += row;
      }
      to.data[y * row + x] = sum >> WEIGHT_BITS;
    }
  return to;
}

/** The pixel that the middle lies in. Places are added up, not multiplied, as Pillow does: it decides ties. */
function nearest<C extends Channels>(picture: Raster<C>, size: Size, box: Box): Raster<C> {
  const columns = middles(box.left, box.right, size.width);
  const rows = middles(box.top, box.bottom, size.height);
  const to = raster(size, picture.channels);
  const { channels } = picture;
  let at = 0;
  for (const y of rows)
    for (const x of columns) {
      if (x < picture.width && y < picture.height)
        for (let c = 0; c < channels; c++) to.data[at + c] = picture.data[(y * picture.width + x) * channels + c];
      at += channels;
    }
  return to;
}

function middles(from: number, to: number, count: number): Int32Array {
  const step = (to - from) / count;
  let place = from + step * 0.5;
  return Int32Array.from({ length: count }, () => {
    const pixel = Math.floor(place);
    place += step;
    return pixel;
  });
}
