/**
 * The picture's colours and shapes moved about, for networks that take its style: each pixel from where smooth noise points.
 *
 * To the byte as with numpy's generator and OpenCV 4's remap, which places pixels in 32nds and weighs in 2⁻¹⁵.
 * @see ControlNet-v1-1 annotator/shuffle, ContentShuffleDetector; OpenCV 4.10, imgwarp.cpp
 */
import { raster, type Raster } from '../image/raster';
import { roundHalfEven } from '../math/round-half-even';
import { resizeShorter } from './annotator-size';
import { createNumpyUniform, noiseField } from './noise-field';
import { FIXED_RESOLUTION, OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

const PARTS = 32;

export const SHUFFLE: ComputedPreprocessor = {
  label: 'shuffle',
  aliases: ['ShufflePreprocessor'],
  types: ['shuffle'],
  settings: { resolution: FIXED_RESOLUTION },
  usesSeed: true,
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution, seed }) => shuffled(resizeShorter(picture, resolution), seed),
};

function shuffled(picture: Raster<3>, seed: number): Raster<3> {
  const { width, height } = picture;
  const uniform = createNumpyUniform(seed);
  const [across, down] = [noiseField(picture, uniform), noiseField(picture, uniform)];
  const to = raster({ width, height }, 3);
  for (let i = 0; i < width * height; i++) {
    const x = roundHalfEven(Math.fround(Math.fround(across[i] * (width - 1)) * PARTS));
    const y = roundHalfEven(Math.fround(Math.fround(down[i] * (height - 1)) * PARTS));
    mix(to.data, 3 * i, picture, x, y);
  }
  return to;
}

/** @param x  in 32nds of a pixel, as y */
function mix(to: Uint8ClampedArray, at: number, { width, height, data }: Raster<3>, x: number, y: number): void {
  const [left, top] = [Math.floor(x / PARTS), Math.floor(y / PARTS)];
  const [right, bottom] = [x - left * PARTS, y - top * PARTS];
  const beside = left + 1 < width ? 3 : 0;
  const below = top + 1 < height ? 3 * width : 0;
  const from = 3 * (top * width + left);
  for (let c = 0; c < 3; c++) {
    const place = from + c;
    const upper = data[place] * (PARTS - right) + data[place + beside] * right;
    const lower = data[place + below] * (PARTS - right) + data[place + below + beside] * right;
    to[at + c] = (upper * (PARTS - bottom) + lower * bottom + (PARTS * PARTS) / 2) >> 10;
  }
}
