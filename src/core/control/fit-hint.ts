/**
 * A hint brought to the size that is painted, so that it stays what it is: a map of few colours keeps them, lines of one pixel stay lines of two colours,
 * and the frame round a smaller one has the colour of its edge.
 * @see reference: Mikubill/sd-webui-controlnet scripts/controlnet.py, detectmap_proc and high_quality_resize
 */
import type { ResizeMode } from '../image/geometry';
import { put, raster, type Channels, type Mask, type Raster, type Size } from '../image/raster';
import { pillowResize } from '../image/resample';
import { otsuLevel } from './otsu';

/** More colours than that are a picture or soft lines; two are lines. */
const [FEWEST_COLOURS, MOST_COLOURS] = [2, 200];

/** Levels below which a pixel is black, and above which it is white. */
const [DARK, LIGHT] = [16, 240];

export const fitHint = <C extends Channels>(hint: Raster<C>, size: Size, mode: ResizeMode): Raster<C> =>
  fitted<C>(hint, size, mode, { resize: resized, frame: edgeColour });

/** The mask of a hint, in the same way: the frame round a smaller one is to be repainted. */
export const fitHintMask = (mask: Mask, size: Size, mode: ResizeMode): Mask =>
  fitted(mask, size, mode, { resize: smooth, frame: () => [255] });

interface Way<C extends Channels> {
  resize(hint: Raster<C>, size: Size): Raster<C>;
  frame(hint: Raster<C>): number[];
}

function fitted<C extends Channels>(hint: Raster<C>, size: Size, mode: ResizeMode, way: Way<C>): Raster<C> {
  if (hint.width === size.width && hint.height === size.height) return hint;
  const [across, down] = [size.width / hint.width, size.height / hint.height];
  if (mode === 'just_resize') return way.resize(hint, size);
  const by = mode === 'crop_and_resize' ? Math.max(across, down) : Math.min(across, down);
  const inner = way.resize(hint, { width: sideOf(hint.width * by), height: sideOf(hint.height * by) });
  const to = raster(size, hint.channels);
  if (mode === 'resize_and_fill') fill(to, way.frame(hint));
  const place = (outer: number, side: number): number => Math.floor((outer - side) / 2);
  return put(to, inner, place(size.width, inner.width), place(size.height, inner.height));
}

const sideOf = (side: number): number => Math.max(1, Math.round(side));

function resized<C extends Channels>(hint: Raster<C>, size: Size): Raster<C> {
  const colours = countColours(hint);
  if (colours > FEWEST_COLOURS && colours < MOST_COLOURS) return nearest(hint, size);
  const soft = smooth(hint, size);
  return isOfTwo(hint) ? sharpened(soft) : soft;
}

function smooth<C extends Channels>(hint: Raster<C>, size: Size): Raster<C> {
  const isSmaller = size.width * size.height < hint.width * hint.height;
  return pillowResize(hint, size, { filter: isSmaller ? 'box' : 'bicubic' });
}

/** No more than that are counted. */
function countColours({ data, channels }: Raster): number {
  const found = new Set<number>();
  const at = (i: number, c: number): number => data[i + (channels === 1 ? 0 : c)];
  for (let i = 0; i < data.length && found.size <= MOST_COLOURS; i += channels)
    found.add(at(i, 0) | (at(i, 1) << 8) | (at(i, 2) << 16));
  return found.size;
}

/** Black and white, and nothing between. */
function isOfTwo({ data, channels }: Raster): boolean {
  const colours = channels === 4 ? 3 : channels;
  let [isDark, isLight] = [false, false];
  for (let i = 0; i < data.length; i++) {
    if (i % channels >= colours) continue;
    if (data[i] >= DARK && data[i] <= LIGHT) return false;
    isDark ||= data[i] < DARK;
    isLight ||= data[i] > LIGHT;
  }
  return isDark && isLight;
}

/** Thin lines that are made smaller are darker than half: what is light among these levels stays. */
function sharpened<C extends Channels>({ width, height, channels, data }: Raster<C>): Raster<C> {
  const isAlpha = (i: number): boolean => channels === 4 && i % 4 === 3;
  const histogram = new Uint32Array(256);
  for (let i = 0; i < data.length; i++) if (!isAlpha(i)) histogram[data[i]] += 1;
  const most = otsuLevel(histogram);
  const levels = data.map((level, i) => (isAlpha(i) ? level : level > most ? 255 : 0));
  return raster({ width, height }, channels, levels);
}

/** @see OpenCV INTER_NEAREST: the pixel at ⌊position · own size / new size⌋ */
function nearest<C extends Channels>(hint: Raster<C>, { width, height }: Size): Raster<C> {
  const to = raster({ width, height }, hint.channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = Math.floor((y * hint.height) / height) * hint.width + Math.floor((x * hint.width) / width);
      const pixel = hint.data.subarray(from * hint.channels, (from + 1) * hint.channels);
      to.data.set(pixel, (y * width + x) * hint.channels);
    }
  return to;
}

function fill({ data, channels }: Raster, colour: readonly number[]): void {
  for (let i = 0; i < data.length; i++) data[i] = colour[i % channels];
}

/** The median of each channel over the four edges. */
function edgeColour({ data, channels, width, height }: Raster): number[] {
  const places = [
    ...Array.from({ length: width }, (_, x) => [x, (height - 1) * width + x]).flat(),
    ...Array.from({ length: height }, (_, y) => [y * width, y * width + width - 1]).flat(),
  ];
  return Array.from({ length: channels }, (_, c) => {
    const levels = places.map((place) => data[place * channels + c]).sort((a, b) => a - b);
    return levels[Math.floor(levels.length / 2)];
  });
}
