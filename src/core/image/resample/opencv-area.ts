/**
 * cv2.resize by INTER_AREA where both sides shrink: each new pixel is the mean of what it covers.
 *
 * @see OpenCV 4.10, resize.cpp (computeResizeAreaTab, ResizeArea_Invoker, ResizeAreaFast_Invoker)
 */
import { roundHalfEven } from '../../math/round-half-even';
import { raster, type Channels, type Raster, type Size } from '../raster';

/** Slivers of less than this are left out. */
const SLIVER = 1e-3;
const EPSILON = 2 ** -52;
const f = Math.fround;

/** Pixels `places` of the old line make pixel `to` of the new one; in order of the old line. */
interface Covers {
  to: number;
  place: number;
  share: number;
}

/** @param size  not larger than the picture on either side */
export function opencvArea<C extends Channels>(picture: Raster<C>, size: Size): Raster<C> {
  const scaleX = 1 / (size.width / picture.width);
  const scaleY = 1 / (size.height / picture.height);
  const [wholeX, wholeY] = [Math.round(scaleX), Math.round(scaleY)];
  const isWhole = Math.abs(scaleX - wholeX) < EPSILON && Math.abs(scaleY - wholeY) < EPSILON;
  return isWhole ? wholeBlocks(picture, size, wholeX, wholeY) : parts(picture, size, scaleX, scaleY);
}

/** Blocks of whole pixels: 2 × 2 rounds halves up, any other goes by float32 and rounds them to the even level. */
function wholeBlocks<C extends Channels>(picture: Raster<C>, size: Size, across: number, down: number): Raster<C> {
  const { width, channels, data } = picture;
  const to = raster(size, channels);
  const [isFour, share] = [across === 2 && down === 2, f(1 / (across * down))];
  for (let y = 0, i = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let c = 0; c < channels; c++, i++) {
        let sum = 0;
        for (let row = y * down; row < (y + 1) * down; row++)
          for (let column = x * across; column < (x + 1) * across; column++)
            sum += data[channels * (row * width + column) + c];
        to.data[i] = isFour ? (sum + 2) >> 2 : roundHalfEven(f(sum * share));
      }
  return to;
}

/** All sums in float32 and in the order of the pixels, which the rounding hangs on. */
function parts<C extends Channels>(picture: Raster<C>, size: Size, scaleX: number, scaleY: number): Raster<C> {
  const to = raster(size, picture.channels);
  const length = size.width * picture.channels;
  const columns = covers(picture.width, size.width, scaleX);
  const rows = covers(picture.height, size.height, scaleY);
  const sums = new Float32Array(length);
  rows.forEach(({ to: y, place, share }, k) => {
    const line = acrossLine(picture, place, columns, length);
    const isFirst = k === 0 || rows[k - 1].to !== y;
    for (let i = 0; i < length; i++) {
      const part = f(line[i] * share);
      sums[i] = isFirst ? part : f(sums[i] + part);
    }
    if (rows[k + 1]?.to !== y) for (let i = 0; i < length; i++) to.data[y * length + i] = roundHalfEven(sums[i]);
  });
  return to;
}

function acrossLine({ width, channels, data }: Raster, row: number, columns: Covers[], length: number): Float32Array {
  const line = new Float32Array(length);
  for (const { to, place, share } of columns) {
    const [at, from] = [to * channels, channels * (row * width + place)];
    for (let c = 0; c < channels; c++) line[at + c] = f(line[at + c] + f(data[from + c] * share));
  }
  return line;
}

function covers(from: number, to: number, scale: number): Covers[] {
  const all: Covers[] = [];
  for (let i = 0; i < to; i++) {
    const [start, end] = [i * scale, i * scale + scale];
    const cell = Math.min(scale, from - start);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(start), last);
    if (first - start > SLIVER) all.push({ to: i, place: first - 1, share: f((first - start) / cell) });
    for (let place = first; place < last; place++) all.push({ to: i, place, share: f(1 / cell) });
    if (end - last > SLIVER) all.push({ to: i, place: last, share: f(Math.min(Math.min(end - last, 1), cell) / cell) });
  }
  return all;
}
