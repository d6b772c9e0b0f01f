/** Against the rules stated in Python with Pillow: tools/fixtures/image_geometry.py. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comfyHiresCells,
  cropAround,
  cropToFit,
  hiresSize,
  joinTiles,
  placeIn,
  RESIZE_MODES,
  resizeToFit,
  tileGrid,
} from '.';
import type { ResizeMode } from '.';
import { cut, raster, type Channels } from '../raster';
import { hashOf, madeRaster } from '../testing/made-bytes';
import golden from './fixtures/geometry.json' with { type: 'json' };

const side = fc.integer({ min: 1, max: 40 });
const size = fc.record({ width: side, height: side });

describe('placeIn', () => {
  it.each(Object.entries(golden.placements))('%s', (name, [width, height, x, y]) => {
    const [mode, ...numbers] = name.split(' ');
    const [w, h, W, H] = numbers.map(Number);
    const placed = placeIn({ width: w, height: h }, { width: W, height: H }, mode as ResizeMode);
    expect(placed).toEqual({ inner: { width, height }, x, y });
  });
});

describe('resizeToFit', () => {
  it.each(Object.entries(golden.resized))('makes the bytes of Pillow: %s', (name, hash) => {
    const [mode, ...numbers] = name.split(' ');
    const [channels, w, h, width, height, seed] = numbers.map(Number);
    const picture = madeRaster({ width: w, height: h }, channels as Channels, seed);
    expect(hashOf(resizeToFit(picture, { width, height }, { mode: mode as ResizeMode }).data)).toBe(hash);
  });

  it.each(RESIZE_MODES)('fills every size exactly, without a black line: %s', (mode) => {
    fc.assert(
      fc.property(size, size, (from, to) => {
        const picture = raster(from, 3);
        picture.data.fill(200);
        const resized = resizeToFit(picture, to, { mode });
        expect([resized.width, resized.height]).toEqual([to.width, to.height]);
        expect(resized.data.every((level) => level === 200)).toBe(true);
      }),
    );
  });

  it('makes something of a picture ten thousand times as wide as high', () => {
    const resized = resizeToFit(
      madeRaster({ width: 20000, height: 2 }, 3, 1),
      { width: 64, height: 64 },
      { mode: 'resize_and_fill' },
    );
    expect(resized.data).toHaveLength(3 * 64 * 64);
  });
});

describe('cropAround', () => {
  it.each(golden.crops)('box %i %i %i %i of %i × %i for %i × %i, padding %i', (...numbers) => {
    const [left, top, right, bottom, w, h, W, H, padding, ...expected] = numbers;
    const options = { picture: { width: w, height: h }, target: { width: W, height: H }, padding };
    const box = cropAround({ left, top, right, bottom }, options);
    expect([box.left, box.top, box.right, box.bottom]).toEqual(expected);
  });

  it('holds what is masked, and stays within the picture', () => {
    fc.assert(
      fc.property(size, size, fc.nat(9), fc.nat(), fc.nat(), (picture, target, padding, a, b) => {
        const masked = { left: a % picture.width, top: b % picture.height, right: 0, bottom: 0 };
        [masked.right, masked.bottom] = [masked.left + 1 + (b % (picture.width - masked.left)), picture.height];
        const box = cropAround(masked, { picture, target, padding });
        expect(box.left).toBeLessThanOrEqual(masked.left);
        expect(box.top).toBeLessThanOrEqual(masked.top);
        expect(box.right).toBeGreaterThanOrEqual(masked.right);
        expect(box.bottom).toBeGreaterThanOrEqual(masked.bottom);
        expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(picture.width);
        expect(box.bottom).toBeLessThanOrEqual(picture.height);
        const part = cropToFit(madeRaster(picture, 1, 1), box, target);
        expect([part.width, part.height]).toEqual([target.width, target.height]);
      }),
    );
  });
});

describe('hiresSize', () => {
  it.each(golden.hires)('%i × %i, scale %f or %i × %i', (...numbers) => {
    const [width, height, scale, W, H, targetWidth, targetHeight, cellsWide, cellsHigh, ...rest] = numbers;
    const first = { width, height };
    const { target, enlarged, cutOff, cells, picture } = hiresSize(
      first,
      W + H === 0 ? { scale } : { width: W, height: H },
    );
    expect(target).toEqual({ width: targetWidth, height: targetHeight });
    expect(cells).toEqual({ width: cellsWide, height: cellsHigh });
    expect([enlarged.width - cutOff.width, enlarged.height - cutOff.height]).toEqual([cellsWide, cellsHigh]);
    const comfy = comfyHiresCells(first, scale);
    expect([picture.width, picture.height, comfy.width, comfy.height]).toEqual(rest);
  });

  it('refuses what is smaller than a cell', () => {
    expect(() => hiresSize({ width: 64, height: 512 }, { scale: 0.1 })).toThrow(/less than one cell/);
  });
});

describe('tileGrid', () => {
  it.each(Object.entries(golden.grids))('a side of %s', (name, starts) => {
    const [width, tile, overlap] = name.split(' ').map(Number);
    const grid = tileGrid({ width, height: tile }, { tile: { width: tile, height: tile }, overlap });
    expect(grid).toHaveLength(1);
    expect(grid[0].map(({ left }) => left)).toEqual(starts);
  });

  it('covers every pixel, with tiles of one size that share enough', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 2, max: 30 }), fc.nat(), (picture, tile, n) => {
        const overlap = n % tile;
        const grid = tileGrid(picture, { tile: { width: tile, height: tile }, overlap });
        const columns = grid[0];
        expect(grid.at(-1)?.at(-1)).toMatchObject({ right: picture.width, bottom: picture.height });
        expect(columns[0].left).toBe(0);
        columns.slice(1).forEach(({ left, right }, i) => {
          expect(columns[i].right - left).toBeGreaterThanOrEqual(overlap);
          expect(right - left).toBe(tile);
        });
      }),
    );
  });

  it('refuses tiles that are all overlap', () => {
    const tile = { width: 64, height: 32 };
    expect(() => tileGrid({ width: 99, height: 99 }, { tile, overlap: 32 })).toThrow(/cannot share 32/);
  });
});

describe('joinTiles', () => {
  it.each(Object.entries(golden.joins))('makes the bytes of Pillow: %s', (name, hash) => {
    const [width, height, tile, overlap, seed] = name.split(' ').map(Number);
    const grid = tileGrid({ width, height }, { tile: { width: tile, height: tile }, overlap });
    const tiles = grid.map((row, y) =>
      row.map((_, x) => madeRaster({ width: tile, height: tile }, 3, seed + y * row.length + x)),
    );
    expect(hashOf(joinTiles(tiles, { picture: { width, height }, grid, overlap }).data)).toBe(hash);
  });

  it('gives back a picture that was cut', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 2, max: 30 }), fc.nat(), (picture, tile, n) => {
        const [whole, overlap] = [madeRaster(picture, 3, n % 99), n % tile];
        const grid = tileGrid(picture, { tile: { width: tile, height: tile }, overlap });
        const tiles = grid.map((row) => row.map((box) => cut(whole, box)));
        expect(joinTiles(tiles, { picture, grid, overlap }).data).toEqual(whole.data);
      }),
    );
  });
});
