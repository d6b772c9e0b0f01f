/** What of a picture a pass paints over, before it is blurred: a rectangle, or a seam that fades to both sides. @see Pillow ImageDraw, linear_gradient, radial_gradient */
import { blurReach, opencvGaussian } from '../image/blur';
import { invertMask } from '../image/masks';
import { cut, put, raster, type Box, type Mask, type Size } from '../image/raster';
import { pillowResize } from '../image/resample';

/** `row` and `column`: a seam across or down the middle of a tile; `radial`: where four meet; bands: the same along the whole picture. */
export const TILE_SHAPES = ['rectangle', 'row', 'column', 'radial', 'band_row', 'band_column'] as const;
export type TileShape = (typeof TILE_SHAPES)[number];

/** Pillow's gradients have so many pixels a side. */
const SIDE = 256;

/** @param box  what of it reaches over the picture is left out; a rectangle takes one pixel more at the right and below, as it is drawn there */
export function tileMask(picture: Size, shape: TileShape, { left, top, right, bottom }: Box): Mask {
  const mask = raster(picture, 1);
  const size = { width: right - left, height: bottom - top };
  if (shape !== 'rectangle') return put(mask, GRADIENTS[shape](size), left, top);
  const end = Math.min(right + 1, picture.width);
  for (let y = top; y < Math.min(bottom + 1, picture.height); y++)
    mask.data.fill(255, y * picture.width + left, y * picture.width + end);
  return mask;
}

/**
 * The same with its edge blurred as A1111 blurs masks. Only what the blur can reach is gone through.
 *
 * @param maskBlur  standard deviation in pixels
 */
export function softTileMask(picture: Size, shape: TileShape, { box, maskBlur }: { box: Box; maskBlur: number }): Mask {
  const mask = tileMask(picture, shape, box);
  const margin = 2 * blurReach(maskBlur); // so wide that what comes back from a cut edge is black
  const near = {
    ...{ left: Math.max(0, box.left - margin), top: Math.max(0, box.top - margin) },
    right: Math.min(picture.width, box.right + 1 + margin),
    bottom: Math.min(picture.height, box.bottom + 1 + margin),
  };
  if (near.right <= near.left || near.bottom <= near.top) return mask;
  return put(mask, opencvGaussian(cut(mask, near), { across: maskBlur, down: maskBlur }), near.left, near.top);
}

const GRADIENTS: Readonly<Record<Exclude<TileShape, 'rectangle'>, (size: Size) => Mask>> = {
  row: ({ width, height }) => mirrored({ width, height }, 'down'),
  column: ({ width, height }) => mirrored({ width, height }, 'across'),
  radial: (size) => invertMask(pillowResize(radial(), size, { filter: 'bicubic' })),
  band_row: (size) => pillowResize(mirrored({ width: SIDE, height: SIDE }, 'down'), size, { filter: 'bicubic' }),
  band_column: (size) => pillowResize(mirrored({ width: SIDE, height: SIDE }, 'across'), size, { filter: 'bicubic' }),
};

type Axis = 'down' | 'across';

/** From black to white in the middle, and back to black. */
function mirrored(size: Size, axis: Axis): Mask {
  const half =
    axis === 'down'
      ? { width: size.width, height: Math.floor(size.height / 2) }
      : { width: Math.floor(size.width / 2), height: size.height };
  if (half.width === 0 || half.height === 0) return raster(size, 1);
  const [rising, falling] = [false, true].map((isTurned) =>
    pillowResize(linear(axis, isTurned), half, { filter: 'bicubic' }),
  );
  const to = put(raster(size, 1), rising, 0, 0);
  return axis === 'down' ? put(to, falling, 0, half.height) : put(to, falling, half.width, 0);
}

function linear(axis: Axis, isTurned: boolean): Mask {
  const mask = raster({ width: SIDE, height: SIDE }, 1);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const level = axis === 'down' ? Math.floor(i / SIDE) : i % SIDE;
    mask.data[i] = isTurned ? SIDE - 1 - level : level;
  }
  return mask;
}

/** Black in the middle, white from a distance of 180 pixels on. */
function radial(): Mask {
  const mask = raster({ width: SIDE, height: SIDE }, 1);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = [(i % SIDE) - SIDE / 2, Math.floor(i / SIDE) - SIDE / 2];
    mask.data[i] = Math.min(255, Math.trunc(Math.sqrt(2 * (x * x + y * y))));
  }
  return mask;
}
