/** Masked pictures: last latents against diffusers and against loops in torch (tools/fixtures/make_inpainting.py), and the finished picture. */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { Pixels } from '../src/core/image';
import { opencvGaussian } from '../src/core/image/blur';
import { doubleMask, greyOf } from '../src/core/image/masks';
import { resizeToFit } from '../src/core/image/geometry';
import { fromPixels, toRgba, type Mask, type Raster } from '../src/core/image/raster';
import { MASK_MODES, type MaskMode } from '../src/core/masking';
import type { GenerationRequest } from '../src/core/recipe/request';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import start from '../src/engine/fixtures/pipelines/image-to-image.json';
import fixture from '../src/engine/fixtures/pipelines/inpainting.json';
import { paintTiny, paintTinyPicture, tinyCase } from './testing/paint-tiny';
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

const base = tinyCase('sd15');
const paint = async (changes: Partial<GenerationRequest>): Promise<Pixels> =>
  paintTinyPicture(base, await openTinyPack(base, 'float32'), { ...masked, denoisingStrength: 0.7, ...changes });

/** How many pixels outside the mask are not as they were, and how many within it. */
function changed(a: Pixels, b: Raster<4> | Pixels, mask: Mask): { outside: number; inside: number } {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  const counts = { outside: 0, inside: 0 };
  for (let i = 0; i < mask.data.length; i++) {
    const isSame = [0, 1, 2, 3].every((c) => a.data[4 * i + c] === b.data[4 * i + c]);
    if (!isSame) counts[mask.data[i] === 0 ? 'outside' : 'inside']++;
  }
  return counts;
}

const maskOf = (pixels: Pixels, sigma = 0): Mask =>
  opencvGaussian(greyOf(fromPixels(pixels)), { across: sigma, down: sigma });
const larger = (pixels: Pixels, by: number): Raster<4> =>
  toRgba(resizeToFit(fromPixels(pixels), { width: by * width, height: by * height }, { mode: 'just_resize' }));

/** Modes that take what the mask says: in soft inpainting changes decide. */
const MASKED = MASK_MODES.filter((mode) => mode !== 'soft');

describe('the finished picture', () => {
  it.each(MASKED)('is image to image where all is masked: %s', async (maskMode) => {
    const whole = await paint({ initMask: 'all', maskMode });
    // diffusers begins with noise alone at a strength of 1, and only there
    const plain = await paint({ initMask: undefined });
    expect(whole.data).toEqual(plain.data);
  });

  it.each(['differential', 'a1111'] as const)('is what it was outside the mask, to the byte: %s', async (maskMode) => {
    const soft = maskOf(images.mask, 1);
    const counts = changed(await paint({ maskMode, maskBlur: 1 }), images.picture, soft);
    expect(counts.outside).toBe(0);
    expect(counts.inside).toBeGreaterThan(40);
  });

  it.each(MASKED)('is as large as what it started from where only the masked is painted: %s', async (maskMode) => {
    const original = larger(images.picture, 3);
    const big = { ...images, picture: original, mask: larger(images.mask, 3) };
    const picture = await paint({ maskMode, inpaintArea: 'masked', maskedPadding: 4, images: big } as object);
    const counts = changed(picture, original, maskOf(big.mask));
    expect(counts.outside).toBe(0);
    expect(counts.inside).toBeGreaterThan(300);
  });

  describe('of soft inpainting', () => {
    const soft = { maskMode: 'soft', softDifferenceThreshold: 0 } as const;

    it('is nearly image to image where all is masked, and every change taken', async () => {
      const [whole, plain] = [await paint({ ...soft, initMask: 'all' }), await paint({ initMask: undefined })];
      expect(Math.max(...whole.data.map((level, i) => Math.abs(level - plain.data[i])))).toBeLessThanOrEqual(2);
    });

    it('is the picture itself where no change is large enough', async () => {
      const picture = await paint({ ...soft, softDifferenceThreshold: 1e6, initMask: 'all' });
      expect(picture.data).toEqual(images.picture.data);
    });

    it.each([1, 2])(
      'is as large as what it started from, and as that outside of what is painted: %s',
      async (hiresScale) => {
        const original = larger(images.picture, 3);
        const part = larger(
          rgba(() => 0),
          3,
        );
        const row = 4 * part.width; // a quarter, of the shape of what is painted
        for (let y = 0; y < height; y++) part.data.fill(255, row * y, row * y + 4 * width);
        const changes = { ...soft, inpaintArea: 'masked', maskedPadding: 0, hiresScale } as const;
        const picture = await paint({ ...changes, images: { ...images, picture: original, mask: part } } as object);
        const counts = changed(picture, original, maskOf(part));
        expect(counts.inside).toBeGreaterThan(100);
        expect(counts.outside).toBe(0);
      },
    );
  });

  it('keeps that size also after a second pass', async () => {
    const original = larger(images.picture, 3);
    const big = { ...images, picture: original, mask: larger(images.mask, 3) };
    const picture = await paint({ inpaintArea: 'masked', hiresScale: 2, images: big } as object);
    expect(changed(picture, original, maskOf(big.mask)).outside).toBe(0);
  });

  it('takes a mask of another size, scaled', async () => {
    const picture = await paint({ images: { ...images, mask: larger(images.mask, 2) } } as object);
    expect(changed(picture, images.picture, maskOf(images.mask)).inside).toBeGreaterThan(40);
  });

  it('is the picture, made to fit, where nothing is painted anew; as large as it is where only the masked would be', async () => {
    expect((await paint({ denoisingStrength: 0 })).data).toEqual(images.picture.data);
    const original = larger(images.picture, 2);
    const kept = await paint({
      denoisingStrength: 0,
      inpaintArea: 'masked',
      images: { ...images, picture: original },
    } as object);
    expect(kept.data).toEqual(original.data);
  });

  it('is repainted outside where the mask is turned round', async () => {
    const picture = await paint({ invertMask: true, maskMode: 'a1111' });
    const inside = maskOf(images.mask);
    const turned = { ...inside, data: inside.data.map((level) => 255 - level) };
    expect(changed(picture, images.picture, turned)).toMatchObject({ outside: 0 });
  });

  it('has its kept part from the picture itself also after a second pass', async () => {
    const picture = await paint({ hiresScale: 2, maskMode: 'a1111' });
    const counts = changed(picture, larger(images.picture, 2), doubleMask(maskOf(larger(images.mask, 2))));
    expect(counts.outside).toBe(0);
    expect(counts.inside).toBeGreaterThan(160);
  });

  it.each([
    ['none', false, /^Nothing is masked/],
    ['all', true, /^Nothing is left to repaint/],
  ])('is refused with a sentence for a mask of nothing: %s', async (initMask, invertMask, words) => {
    const asked = paint({ initMask, invertMask, images: { ...images, none: rgba(() => 0) } } as object);
    await expect(asked).rejects.toThrow(words);
  });

  it('comes with a word where the mask is too thin for the cells', async () => {
    const dot = rgba((pixel) => (pixel === width + 1 ? 255 : 0));
    const said: string[] = [];
    const changes = { ...masked, maskMode: 'a1111', images: { ...images, mask: dot } } as const;
    await paintTinyPicture(base, await openTinyPack(base, 'float32'), changes, (event) => {
      if (event.type === 'notice') said.push(event.message);
    });
    expect(said).toEqual([expect.stringMatching(/mask is too thin .* cells of 2 pixels/)]);
  });

  it('is another for each way', async () => {
    const made: Partial<Record<MaskMode, string>> = {};
    for (const maskMode of MASK_MODES) made[maskMode] = (await paint({ maskMode })).data.join();
    expect(new Set(Object.values(made)).size).toBe(MASK_MODES.length);
  });
});
