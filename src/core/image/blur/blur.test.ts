/** Against the bytes of OpenCV and Pillow: tools/fixtures/image_masks.py. */
import { describe, expect, it } from 'vitest';
import { blurReach, opencvGaussian, pillowGaussian } from '.';
import { raster, type Channels } from '../raster';
import { hashOf, madeMask, madeRaster } from '../testing/made-bytes';
import golden from './fixtures/blurs.json' with { type: 'json' };

describe('opencvGaussian', () => {
  it.each(Object.entries(golden.opencv))('makes the bytes of OpenCV: %s', (name, hash) => {
    const [kind, ...numbers] = name.split(' ');
    const [width, height, seed, across, down] = numbers.map(Number);
    const picture = kind === 'mask' ? madeMask({ width, height }, seed) : madeRaster({ width, height }, 1, seed);
    expect(hashOf(opencvGaussian(picture, { across, down }).data)).toBe(hash);
  });

  it.each([
    [1, 0],
    [2, 0],
    [4, 0],
    [8, 0],
    [12.5, 1],
    [20, 2],
  ])('lets a straight edge grow by its reach: σ %f, less %i', (sigma, less) => {
    const line = raster({ width: 200, height: 1 }, 1);
    line.data.fill(255, 0, 100);
    const end = opencvGaussian(line, { across: sigma, down: sigma }).data.indexOf(0);
    expect(end).toBe(100 + blurReach(sigma) - less);
  });
});

describe('pillowGaussian', () => {
  it.each(Object.entries(golden.pillow))('makes the bytes of Pillow: %s', (name, hash) => {
    const [channels, width, height, seed, radius] = name.split(' ').map(Number);
    const picture = madeRaster({ width, height }, channels as Channels, seed);
    expect(hashOf(pillowGaussian(picture, radius).data)).toBe(hash);
  });
});
