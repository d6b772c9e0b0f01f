/** Masked pictures: last latents against diffusers and against loops in torch (tools/fixtures/make_inpainting.py), and the finished picture. */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { Pixels } from '../src/core/image';
import type { GenerationRequest } from '../src/core/recipe/request';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import start from '../src/engine/fixtures/pipelines/image-to-image.json';
import fixture from '../src/engine/fixtures/pipelines/inpainting.json';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-3;

const { width, height } = pipelines;
const rgba = (level: (pixel: number, channel: number) => number): Pixels => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : level(Math.floor(i / 4), i % 4),
  ),
});
const images = {
  picture: rgba((pixel, channel) => start.rgb[3 * pixel + channel]),
  mask: rgba((pixel) => fixture.mask[pixel]),
  all: rgba(() => 255),
};
const masked = { initImage: 'picture', initMask: 'mask', images, maskBlur: 0 } as const;

describe('the last latent of a masked picture', () => {
  it.each(fixture.cases.map((one, i) => [i, one] as const))('%i is that of the reference', async (_, one) => {
    const { name, steps, latent: wanted, ...settings } = one;
    const base = tinyCase(name);
    const source = await openTinyPack(base, 'float32');
    const changes = { ...masked, ...(settings as Partial<GenerationRequest>) };
    const latent = await paintTiny({ ...base, steps }, source, changes);
    const error = relativeError(latent, wanted);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });
});
