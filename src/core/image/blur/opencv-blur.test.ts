/** Against OpenCV: tools/fixtures/hint_preprocessors.py. */
import { describe, expect, it } from 'vitest';
import type { Channels } from '../raster';
import { hashOf, madeMask, madeRaster, mostApart } from '../testing/made-bytes';
import golden from './fixtures/opencv-blurs.json' with { type: 'json' };
import { opencvBlur } from './opencv-blur';
import { opencvFloatBlur } from './opencv-float-blur';

/** Three units of the last place of 128…255: OpenCV's packages of one version differ by two from another's. */
const LAST_BITS = 3 * 2 ** -16;

describe('opencvBlur', () => {
  it.each(Object.entries(golden.bytes))('makes the bytes of cv2.GaussianBlur: %s', (name, hash) => {
    const [channels, width, height, seed, sigma] = name.split(' ').map(Number);
    expect(hashOf(opencvBlur(madeRaster({ width, height }, channels as Channels, seed), sigma).data)).toBe(hash);
  });
});

describe('opencvFloatBlur', () => {
  it.each(golden.floats)('makes the numbers of cv2.GaussianBlur: σ $sigma', ({ sigma, values }) => {
    expect(mostApart(opencvFloatBlur(madeMask({ width: 20, height: 9 }, 3), sigma), values)).toBeLessThan(LAST_BITS);
  });
});
