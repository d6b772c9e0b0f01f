/** Pictures from pictures: what the encoder reads and the last latents, against diffusers (tools/fixtures/make_image_to_image.py). */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { Pixels } from '../src/core/image';
import { cut, fromPixels, toRgba } from '../src/core/image/raster';
import type { GenerationRequest } from '../src/core/recipe/request';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/image-to-image.json';
import { Model } from '../src/engine/models/model';
import { encodeMean } from '../src/engine/operations/encode-image';
import { paintTiny, tinyCase, TINY_ENTRY } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-3;

const { width, height } = pipelines;
const picture: Pixels = {
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : fixture.rgb[3 * Math.floor(i / 4) + (i % 4)],
  ),
};
const images = { hash: picture };
const changesOf = (denoisingStrength: number) => ({ initImage: 'hash', images, denoisingStrength });

describe('the encoder', () => {
  it('reads the mean that diffusers reads', async () => {
    const source = await openTinyPack(tinyCase('sd15'), 'float32');
    const model = new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
    const mean = await encodeMean(model, picture, { onEvent: () => undefined });
    expect(relativeError([...mean], fixture.mean)).toBeLessThan(1e-5);
    const odd = toRgba(cut(fromPixels(picture), { left: 0, top: 0, right: width - 1, bottom: height - 1 }));
    const half = await encodeMean(model, odd, { onEvent: () => undefined });
    await model.dispose();
    expect(relativeError([...half], fixture.odd), 'a row and a column are left over').toBeLessThan(1e-5);
  });
});

describe('the last latent of a picture from a picture', () => {
  it.each(fixture.cases)('$name is that of diffusers', async (one) => {
    const base = tinyCase(one.name.startsWith('sdxl') ? 'sdxl' : 'sd15');
    const source = await openTinyPack(base, 'float32');
    const latent = await paintTiny({ ...base, steps: one.steps }, source, changesOf(one.denoisingStrength));
    const error = relativeError(latent, one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('is that of diffusers where the latent is enlarged', async () => {
    const { steps, scale, denoisingStrength, latent: wanted } = fixture.resized;
    const base = tinyCase('sd15');
    const larger = { width: width * scale, height: height * scale, resizeMode: 'latent_upscale' } as const;
    const source = await openTinyPack(base, 'float32');
    const latent = await paintTiny({ ...base, steps }, source, { ...changesOf(denoisingStrength), ...larger });
    expect(relativeError(latent, wanted)).toBeLessThan(MAX_RELATIVE_ERROR);
  });

  it('is another for each strength, and without the picture', async () => {
    const base = { ...tinyCase('sd15'), steps: 6 };
    const source = await openTinyPack(tinyCase('sd15'), 'float32');
    const latents = [];
    for (const strength of [0.1, 0.4, 0.8]) latents.push(await paintTiny(base, source, changesOf(strength)));
    latents.push(await paintTiny(base, source));
    for (const [i, a] of latents.entries())
      for (const b of latents.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
  });
});

describe('the last latent of the second pass of hires. fix', () => {
  const hiresOf = (one: (typeof fixture.hires)[number]): Partial<GenerationRequest> => ({
    hiresScale: one.scale,
    hiresUpscaler: one.mode === 'bilinear' ? 'latent' : 'latent_nearest_exact',
    hiresSteps: one.hiresSteps,
    hiresCfgScale: one.hiresCfg,
    denoisingStrength: one.denoisingStrength,
  });

  it.each(fixture.hires)('$name is that of diffusers', async (one) => {
    const base = tinyCase(one.name);
    const source = await openTinyPack(base, 'float32');
    const latent = await paintTiny({ ...base, steps: one.steps }, source, hiresOf(one));
    expect(latent).toHaveLength(one.latent.length);
    const error = relativeError(latent, one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('is the first pass enlarged where nothing is painted over', async () => {
    const base = tinyCase('sd15');
    const source = await openTinyPack(base, 'float32');
    const first = await paintTiny(base, source);
    const enlarged = await paintTiny(base, source, {
      hiresScale: 2,
      hiresUpscaler: 'latent_nearest',
      denoisingStrength: 0,
    });
    const row = width / 2;
    expect(enlarged.slice(0, 4)).toEqual([first[0], first[0], first[1], first[1]]);
    expect(enlarged.slice(2 * row, 2 * row + 2)).toEqual([first[0], first[0]]);
  });
});
