/**
 * The sizes at which pictures are looked at: sd-webui-controlnet's, "pixel perfect" among them, and that of the first annotators.
 *
 * @see sd-webui-controlnet scripts/utils.py (resize_image_with_pad), annotator/util.py (HWC3, resize_image),
 * scripts/external_code.py (pixel_perfect_resolution)
 */
import { AppError } from '../errors';
import { cut, raster, type Channels, type Raster, type Size } from '../image/raster';
import { opencvResize } from '../image/resample/opencv-resize';
import { roundHalfEven } from '../math/round-half-even';

/** Sides are made whole multiples of this. */
const BLOCK = 64;
/** 8192 × 8192: a picture of 1 × 4000 pixels would want 2 million across. */
const MOST_PIXELS = 2 ** 26;

/** @param resolution  of the shorter side; the other follows. Grows by cubic, shrinks by area. */
export function resizeShorter<C extends Channels>(picture: Raster<C>, resolution: number): Raster<C> {
  const scale = resolution / Math.min(picture.width, picture.height);
  const size = { width: roundHalfEven(picture.width * scale), height: roundHalfEven(picture.height * scale) };
  assertPossible(picture, size);
  return opencvResize(picture, size, scale > 1 ? 'cubic' : 'area');
}

/** What `look` makes of the picture at this resolution with its right and lower edges repeated to multiples of 64. */
export function lookAt<C extends Channels, D extends Channels>(
  picture: Raster<C>,
  resolution: number,
  look: (padded: Raster<C>) => Raster<D>,
): Raster<D> {
  const resized = resizeShorter(picture, resolution);
  return cut(look(padToBlocks(resized)), { left: 0, top: 0, right: resized.width, bottom: resized.height });
}

/** Its right and lower edge repeated until both sides are multiples of 64. */
export function padToBlocks<C extends Channels>(picture: Raster<C>): Raster<C> {
  const { width, height, channels, data } = picture;
  const to = raster({ width: upToBlock(width), height: upToBlock(height) }, channels);
  const length = to.width * channels;
  for (let y = 0; y < to.height; y++) {
    const from = Math.min(y, height - 1) * width * channels;
    to.data.set(data.subarray(from, from + width * channels), y * length);
    for (let i = width * channels; i < length; i++) to.data[y * length + i] = to.data[y * length + i - channels];
  }
  return to;
}

function upToBlock(side: number): number {
  return Math.ceil(side / BLOCK) * BLOCK;
}

/** Resizes as controlnet_aux and lllyasviel's annotators do: to multiples of 64, sides apart, by Lanczos or area. */
export function resizeToBlocks<C extends Channels>(picture: Raster<C>, resolution: number): Raster<C> {
  const scale = resolution / Math.min(picture.width, picture.height);
  const side = (px: number) => Math.max(1, roundHalfEven((px * scale) / BLOCK)) * BLOCK;
  const size = { width: side(picture.width), height: side(picture.height) };
  assertPossible(picture, size);
  return opencvResize(picture, size, scale > 1 ? 'lanczos4' : 'area');
}

function assertPossible(from: Size, to: Size): void {
  if (to.width * to.height <= MOST_PIXELS && to.width > 0 && to.height > 0) return;
  throw new AppError(
    'bad-request',
    `A picture of ${from.width} × ${from.height} pixels would have ${to.width} × ${to.height} at this resolution; choose a lower one or a less narrow picture`,
  );
}

export interface PixelPerfect {
  picture: Size;
  /** Size of what will be drawn. */
  target: Size;
  /** "Resize and Fill": the whole picture is seen; else it covers the target. */
  isFilled: boolean;
}

/** The resolution at which a hint is as fine as what is drawn, pixel by pixel. */
export function pixelPerfectResolution({ picture, target, isFilled }: PixelPerfect): number {
  const scales = [target.height / picture.height, target.width / picture.width];
  const scale = isFilled ? Math.min(...scales) : Math.max(...scales);
  return roundHalfEven(scale * Math.min(picture.height, picture.width));
}

const f = Math.fround;

/** RGB, what is clear laid on white, levels cut off. @see annotator/util.py, HWC3 */
export function onWhite({ width, height, channels, data }: Raster): Raster<3> {
  const to = raster({ width, height }, 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = channels === 4 ? f(data[4 * i + 3] / 255) : 1;
    const white = f(255 * f(1 - alpha));
    for (let c = 0; c < 3; c++) {
      const level = data[channels * i + (channels === 1 ? 0 : c)];
      to.data[3 * i + c] = Math.floor(f(f(level * alpha) + white));
    }
  }
  return to;
}
