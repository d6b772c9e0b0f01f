/**
 * Depth by Depth Anything V2, near white; and normals of it.
 *
 * @see sd-webui-controlnet annotator/depth_anything_v2.py (518 pixels, multiples of 14, cubic, bilinear back, least and greatest), annotator/midas
 * (normals by Sobel's differences); Depth-Anything-V2 util/transform.py
 */
import { AppError } from '../errors';
import { raster, type Raster, type Size } from '../image/raster';
import { interpolate } from '../image/resample/interpolate';
import { roundHalfEven } from '../math/round-half-even';
import { RESOLUTION, type DrawnMap, type HintValues, type NetworkPreprocessor } from './preprocessor';

/** Pixels of the shorter side that the network was trained on, and of its parts. */
const [SIDE, PART] = [518, 14];
/** Attention grows with the square of the parts. */
const MOST_RATIO = 6;

const BY_DEPTH_ANYTHING = {
  network: 'depth_anything',
  file: 'Depth Anything V2 small',
  helper: 'depth-anything-v2-small',
  licence: 'Apache-2.0',
  look: lookAtDepth,
} as const;

export const DEPTH_ANYTHING_V2: NetworkPreprocessor = {
  ...BY_DEPTH_ANYTHING,
  label: 'depth_anything_v2',
  aliases: ['DepthAnythingV2Preprocessor', 'depth_anything', 'DepthAnythingPreprocessor'],
  types: ['depth'],
  settings: { resolution: RESOLUTION },
  finish: ([depth], size) => toGrey(evenly(depth, size), size),
};

const NORMALS = {
  ...BY_DEPTH_ANYTHING,
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'Background Threshold', min: 0, max: 1, step: 0.01, value: 0.1 },
    thresholdB: { label: 'Relief', min: 0.1, max: 4, step: 0.1, value: 1 },
  },
} as const;

/** Normals for networks of version 1.1 and later: red to the left, green to the top, blue to the front. */
export const NORMAL_FROM_DEPTH: NetworkPreprocessor = {
  ...NORMALS,
  label: 'normal_from_depth',
  aliases: [],
  types: ['normal'],
  finish: ([depth], size, values) => toNormals(evenly(depth, size), size, values, [0, 1, 2]),
};

/** Normals for networks of version 1.0, whose colours are the other way round. */
export const NORMAL_FROM_DEPTH_V1: NetworkPreprocessor = {
  ...NORMALS,
  label: 'normal_from_depth_v1',
  aliases: [],
  types: ['normal'],
  finish: ([depth], size, values) => toNormals(evenly(depth, size), size, values, [2, 1, 0]),
};

/** The sides at which the network looks at a picture. @throws AppError 'bad-request' for a picture that is too narrow */
export function depthSize({ width, height }: Size): Size {
  if (Math.max(width, height) > MOST_RATIO * Math.min(width, height))
    throw new AppError(
      'bad-request',
      `Depth is drawn of pictures up to ${MOST_RATIO} times as long as wide, not of ${width} × ${height}`,
    );
  const scale = Math.max(SIDE / width, SIDE / height);
  const sideOf = (px: number): number => {
    const rounded = roundHalfEven((px * scale) / PART) * PART;
    return rounded < SIDE ? Math.ceil((px * scale) / PART) * PART : rounded;
  };
  return { width: sideOf(width), height: sideOf(height) };
}

function lookAtDepth(picture: Raster<3>): { planes: Float32Array; size: Size } {
  const size = depthSize(picture);
  const count = picture.width * picture.height;
  const planes = Float32Array.from(
    { length: 3 * count },
    (_, i) => picture.data[3 * (i % count) + Math.floor(i / count)],
  );
  return { planes: interpolate(planes, picture, size, { mode: 'bicubic' }), size };
}

/** Depth in the size of the picture, from 0, the farthest, to 1; all 0 where nothing is nearer. */
function evenly(depth: DrawnMap, size: Size): Float32Array {
  const values = interpolate(depth.values, depth, size, { mode: 'bilinear' });
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const range = most - least;
  return range > 0 ? values.map((value) => Math.fround(value - least) / range) : values.fill(0);
}

const toGrey = (depth: Float32Array, size: Size): Raster<1> =>
  raster(
    size,
    1,
    Uint8ClampedArray.from(depth, (value) => Math.trunc(Math.fround(value * 255))),
  );

/**
 * What a step of one pixel in the z of MiDaS's normals (2π) is in depths of 0…1, at the usual 512 pixels: MiDaS's own depths go to some hundreds, and Depth
 * Anything's have no unit.
 */
const [FRONT, DEPTHS] = [2 * Math.PI, 500];

/** @param order  where x, y and z go */
function toNormals(
  depth: Float32Array,
  { width, height }: Size,
  { thresholdA: background, thresholdB: relief }: HintValues,
  order: readonly [number, number, number],
): Raster<3> {
  const to = raster({ width, height }, 3);
  const scale = (DEPTHS * relief * Math.min(width, height)) / RESOLUTION.value;
  const at = (x: number, y: number): number => depth[mirrored(y, height) * width + mirrored(x, width)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isBehind = depth[y * width + x] < background;
      const across = isBehind ? 0 : scale * slope((i, k) => at(x + i, y + k));
      const down = isBehind ? 0 : scale * slope((i, k) => at(x + k, y + i));
      const length = Math.hypot(across, down, FRONT);
      [across, down, FRONT].forEach((value, axis) => {
        to.data[3 * (y * width + x) + order[axis]] = Math.trunc((value / length) * 127.5 + 127.5);
      });
    }
  return to;
}

/** Sobel's difference along the first argument. */
function slope(at: (along: number, beside: number) => number): number {
  return [-1, 0, 1].reduce((sum, k) => sum + (2 - Math.abs(k)) * (at(1, k) - at(-1, k)), 0);
}

/** OpenCV's border: the pixel at the edge is not repeated. */
function mirrored(at: number, side: number): number {
  if (side === 1) return 0;
  return at < 0 ? -at : at >= side ? 2 * side - 2 - at : at;
}
