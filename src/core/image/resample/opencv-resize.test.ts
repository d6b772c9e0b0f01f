/** Against the bytes of OpenCV: tools/fixtures/hint_preprocessors.py. */
import { describe, expect, it } from 'vitest';
import type { Channels } from '../raster';
import { hashOf, madeRaster } from '../testing/made-bytes';
import golden from './fixtures/opencv-resizes.json' with { type: 'json' };
import { opencvResize, type OpencvFilter } from './opencv-resize';

describe('opencvResize', () => {
  it.each(Object.entries(golden.resizes))('makes the bytes of OpenCV: %s', (name, hash) => {
    const [filter, ...numbers] = name.split(' ');
    const [channels, width, height, toWidth, toHeight, seed] = numbers.map(Number);
    const picture = madeRaster({ width, height }, channels as Channels, seed);
    const resized = opencvResize(picture, { width: toWidth, height: toHeight }, filter as OpencvFilter);
    expect(hashOf(resized.data)).toBe(hash);
  });

  it('gives a copy of a picture that keeps its size', () => {
    const picture = madeRaster({ width: 5, height: 4 }, 3, 1);
    const copy = opencvResize(picture, picture, 'cubic');
    expect(copy.data).toEqual(picture.data);
    expect(copy.data).not.toBe(picture.data);
  });
});
