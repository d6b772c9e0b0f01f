/** Depth and normals against OpenCV, torch and numpy: tools/fixtures/hint_depth.py. */
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { interpolate } from '../image/resample/interpolate';
import { madeBytes, madeRaster } from '../image/testing/made-bytes';
import { DEPTH_ANYTHING_V2, depthSize, NORMAL_FROM_DEPTH, NORMAL_FROM_DEPTH_V1 } from './depth';
import { drawHint, type Shown } from './draw-hint';
import golden from './fixtures/depth.json' with { type: 'json' };
import type { DrawnMap } from './preprocessor';

const EVERY = 13;
const VALUES = { resolution: 512, thresholdA: 0.25, thresholdB: 1.5, seed: 0 };

function madeMap([width, height]: number[], seed: number): DrawnMap {
  const rough = Float32Array.from(madeBytes(64, seed), (byte) => byte / 32);
  const values = interpolate(rough, { width: 8, height: 8 }, { width, height }, { mode: 'bilinear' });
  return { width, height, values };
}

/** Levels that differ, and by how much at most. */
function compared(made: Uint8ClampedArray, wanted: readonly number[]) {
  const differences = wanted.map((level, i) => Math.abs(level - made[i * EVERY]));
  return { most: Math.max(...differences), share: differences.filter((n) => n > 0).length / wanted.length };
}

describe.each(golden.cases)('a map of $map in a picture of $size', ({ map, seed, size, grey, normals }) => {
  const drawn = madeMap(map, seed);
  const [width, height] = size;

  it('is grey from the farthest to the nearest, as sd-webui-controlnet makes it', () => {
    const { data } = DEPTH_ANYTHING_V2.finish([drawn], { width, height }, VALUES);
    const { most, share } = compared(data, grey);
    expect(most).toBeLessThanOrEqual(1); // float32 in another order
    expect(share).toBeLessThan(0.01);
    expect([Math.min(...data), Math.max(...data)]).toEqual([0, 255]);
  });

  it('has the normals of OpenCV’s Sobel, in both orders', () => {
    const { data } = NORMAL_FROM_DEPTH.finish([drawn], { width, height }, VALUES);
    const { most, share } = compared(data, normals);
    expect(most).toBeLessThanOrEqual(1);
    expect(share).toBeLessThan(0.01);
    const other = NORMAL_FROM_DEPTH_V1.finish([drawn], { width, height }, VALUES).data;
    expect(other.every((level, i) => level === data[i + 2 - 2 * (i % 3)])).toBe(true);
  });
});

describe('what the network is shown', () => {
  it.each(golden.sizes)('of %i × %i has %i × %i pixels', (width, height, ...shown) => {
    expect(Object.values(depthSize({ width, height }))).toEqual(shown);
  });

  it('is made larger as OpenCV does with floats', async () => {
    const { size, seed, every, levels } = golden.shown;
    const [width, height] = size;
    let shown: Shown | undefined;
    await drawHint('depth_anything_v2', madeRaster({ width, height }, 3, seed), { resolution: 64 }, (given) => {
      shown = given;
      const [, , high, wide] = given.image.dims;
      return Promise.resolve([{ width: wide, height: high, values: new Float32Array(high * wide) }]);
    });
    const made = levels.map((_, i) => shown?.image.data[i * every] ?? NaN);
    expect(Math.max(...made.map((level, i) => Math.abs(level - levels[i])))).toBeLessThan(0.01);
  });

  it('is refused where it is too narrow', async () => {
    const narrow = raster({ width: 700, height: 64 }, 3);
    await expect(drawHint('depth_anything_v2', narrow, {}, () => Promise.resolve([]))).rejects.toThrow(
      'Depth is drawn of pictures up to 6 times as long as wide, not of ',
    );
  });

  it('is black of a map that is the same everywhere', () => {
    const flat = { width: 14, height: 14, values: new Float32Array(196).fill(3) };
    expect(new Set(DEPTH_ANYTHING_V2.finish([flat], { width: 64, height: 64 }, VALUES).data)).toEqual(new Set([0]));
  });
});
