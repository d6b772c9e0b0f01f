/** Pictures of several natures by whole numbers alone, so that Python makes the same: tools/fixtures/hint_pictures.py. */
import { raster, type Raster, type Size } from '../../image/raster';
import { madeBytes, madeRaster } from '../../image/testing/made-bytes';

/** Pixels from one level to the next of what is soft. */
const GRID = 8;

/** The seed's own size, up to 112 pixels a side, and thresholds, up to 256. */
export function madeCase(seed: number): { picture: Raster<3>; low: number; high: number } {
  const [width, height, low, more, high, evenMore] = madeBytes(6, 7919 * seed);
  const size = { width: 1 + (width % 112), height: 1 + (height % 112) };
  return { picture: madePicture(size, seed), low: low + (more & 1), high: high + (evenMore & 1) };
}

/** What it looks like is the seed's remainder of 6. */
export function madePicture(size: Size, seed: number): Raster<3> {
  switch (seed % 6) {
    case 0:
      return madeRaster(size, 3, seed);
    case 1:
      return raster(
        size,
        3,
        madeRaster(size, 3, seed).data.map((level) => (level >> 6) * 85),
      );
    case 2:
      return waves(size, seed);
    case 3:
      return soft(size, seed);
    case 4:
      return shapes(size, seed);
    default:
      return grey(size, seed);
  }
}

function fromLevels({ width, height }: Size, level: (x: number, y: number, c: number) => number): Raster<3> {
  const picture = raster({ width, height }, 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) picture.data[i++] = level(x, y, c);
  return picture;
}

function waves(size: Size, seed: number): Raster<3> {
  const [middle, centre] = [size.width >> 1, size.height >> 1];
  return fromLevels(size, (x, y, c) => {
    if (c === 0) return (7 * x + 3 * y + seed) % 256;
    if (c === 2) return (x * y) % 256;
    return (x - middle) ** 2 + (y - centre) ** 2 < 100 ? 200 : 0;
  });
}

function soft(size: Size, seed: number): Raster<3> {
  const columns = Math.floor(size.width / GRID) + 2;
  const grid = madeBytes(columns * (Math.floor(size.height / GRID) + 2) * 3, seed);
  return fromLevels(size, (x, y, c) => {
    const at = 3 * (Math.floor(y / GRID) * columns + Math.floor(x / GRID)) + c;
    const [right, down] = [x % GRID, y % GRID];
    const upper = grid[at] * (GRID - right) + grid[at + 3] * right;
    const lower = grid[at + 3 * columns] * (GRID - right) + grid[at + 3 * columns + 3] * right;
    return (upper * (GRID - down) + lower * down) >> 6;
  });
}

/** Four rectangles of one colour each on what is soft. */
function shapes(size: Size, seed: number): Raster<3> {
  const picture = soft(size, seed);
  const numbers = madeBytes(28, seed + 1);
  for (let k = 0; k < 28; k += 7) {
    const [left, top] = [(numbers[k] * size.width) >> 8, (numbers[k + 1] * size.height) >> 8];
    const right = Math.min(size.width, left + 1 + ((numbers[k + 2] * size.width) >> 9));
    const bottom = Math.min(size.height, top + 1 + ((numbers[k + 3] * size.height) >> 9));
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) picture.data.set(numbers.subarray(k + 4, k + 7), 3 * (y * size.width + x));
  }
  return picture;
}

function grey(size: Size, seed: number): Raster<3> {
  const { data } = madeRaster(size, 1, seed);
  return fromLevels(size, (x, y) => data[y * size.width + x]);
}
