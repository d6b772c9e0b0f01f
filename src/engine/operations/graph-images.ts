/** What graphs make of pictures, counted as between ComfyUI's nodes, and bytes again after each. */
import { AppError } from '../../core/errors';
import type { Pixels } from '../../core/image';
import { blendLevels } from '../../core/image/compose/blends';
import { blurPlanes, sharpenPlanes } from '../../core/image/compose/blur';
import { drawEdges } from '../../core/image/compose/edges';
import { centred } from '../../core/image/compose/centred';
import { laidOver } from '../../core/image/compose/laid-over';
import { fromUnits, toUnits } from '../../core/image/compose/levels';
import { padPicture } from '../../core/image/compose/pad';
import { centreBox, totalSize } from '../../core/image/geometry/scaled-size';
import { turned } from '../../core/image/geometry/turns';
import { cut, fromPixels, raster, toRgb, toRgba, type Raster, type Size } from '../../core/image/raster';
import { assertRoom } from '../../core/image/room';
import { scalePicture } from '../../core/image/resample/scale-picture';
import { oneByOne, type Implementation, type ImageValue } from './implementation';

const done = (picture: Raster) => Promise.resolve({ outputs: { image: { pixels: toRgba(picture) } } });
const pictureOf = ({ pixels }: ImageValue): Raster<4> => fromPixels(pixels);
const planesOf = ({ pixels }: ImageValue) => ({
  ...{ width: pixels.width, height: pixels.height },
  data: toUnits(fromPixels(pixels)),
});
const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

export const emptyImage: Implementation<'empty_image'> = {
  run: oneByOne(({ settings: { width, height, colour } }) => {
    assertRoom({ width, height });
    const picture = raster({ width, height }, 3);
    const levels = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
    return done({ ...picture, data: picture.data.map((_, i) => levels[i % 3]) });
  }),
};

/** @see ComfyUI comfy_extras/nodes_images.py ImageCrop */
export const cropImage: Implementation<'crop_image'> = {
  run: oneByOne(({ settings: { x, y, width, height }, inputs: { image } }) => {
    const picture = pictureOf(image);
    const [left, top] = [Math.min(x, picture.width - 1), Math.min(y, picture.height - 1)];
    const [right, bottom] = [Math.min(left + width, picture.width), Math.min(top + height, picture.height)];
    return done(cut(picture, { left, top, right, bottom }));
  }),
};

export const turnImage: Implementation<'turn_image'> = {
  run: oneByOne(({ settings: { turn }, inputs: { image } }) => {
    const picture = pictureOf(image);
    const { from, ...to } = turned(picture, turn);
    const result = raster(to, 4);
    from.forEach((old, i) => result.data.set(picture.data.subarray(4 * old, 4 * old + 4), 4 * i));
    return done(result);
  }),
};

/** A picture whose levels are changed as 0…1, planar. */
const changed =
  (change: (planes: Float32Array, size: Size) => Float32Array) =>
  ({ pixels }: { pixels: Pixels }) =>
    done(fromUnits(change(toUnits(fromPixels(pixels)), pixels), pixels));

/** @see ComfyUI comfy_extras/nodes_canny.py */
export const drawEdgesOf: Implementation<'draw_edges'> = {
  run: oneByOne(({ settings, inputs: { image } }) =>
    changed((planes, size) => drawEdges(planes, size, settings))(image),
  ),
};

const inverted = changed((planes) => planes.map((value) => 1 - value));

export const invertImage: Implementation<'invert_image'> = {
  run: oneByOne(({ inputs: { image } }) => inverted(image)),
};

export const blurImage: Implementation<'blur_image'> = {
  run: oneByOne(({ settings: { radius, sigma }, inputs: { image } }) => {
    assertWider(image.pixels, radius);
    return changed((planes, size) => blurPlanes(planes, size, radius, sigma))(image);
  }),
};

export const sharpenImage: Implementation<'sharpen_image'> = {
  run: oneByOne(({ settings, inputs: { image } }) => {
    assertWider(image.pixels, settings.radius);
    return changed((planes, size) => sharpenPlanes(planes, size, settings))(image);
  }),
};

/** @throws AppError 'bad-request' */
function assertWider({ width, height }: Size, radius: number): void {
  if (Math.min(width, height) <= radius)
    throw new AppError(
      'bad-request',
      `A radius of ${radius} is too large for a picture of ${width} × ${height} pixels.`,
    );
}

export const blendImages: Implementation<'blend_images'> = {
  run: oneByOne(({ settings: { blend, amount }, inputs: { first, second } }) => {
    const picture = pictureOf(first);
    const other = pictureOf(second);
    const planes = isSame(picture, other) ? toUnits(other) : centred(toUnits(other), other, picture, 'bicubic');
    return done(fromUnits(blendLevels(toUnits(picture), planes, blend, amount), picture));
  }),
};

/** @see ComfyUI comfy_extras/nodes_mask.py ImageCompositeMasked */
export const composeImage: Implementation<'compose_image'> = {
  run: oneByOne(({ settings, inputs: { to, from, mask } }) => {
    const [below, above] = [planesOf(to), planesOf(from)];
    return done(fromUnits(laidOver(below, above, { ...settings, mask }), below));
  }),
};

export const matchImage: Implementation<'match_image'> = {
  run: oneByOne(({ settings, inputs: { image, like } }) => {
    const picture = pictureOf(image);
    const to = like ? pictureOf(like) : totalSize(picture, settings);
    assertRoom(to);
    if (!like) return done(scalePicture(picture, to, settings.mode));
    if (isSame(picture, to)) return done(picture);
    return done(scalePicture(cut(picture, centreBox(picture, to)), to, settings.mode));
  }),
};

export const padImage: Implementation<'pad_image'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image } }) => {
    const { left, top, right, bottom, feathering } = settings;
    const { width, height } = image.pixels;
    assertRoom({ width: left + width + right, height: top + height + bottom });
    const { image: picture, mask } = padPicture(toRgb(pictureOf(image)), settings, feathering);
    return Promise.resolve({ outputs: { image: { pixels: toRgba(picture) }, mask } });
  }),
};
