/** Pictures from pictures: what the encoder reads and the last latents, against diffusers (tools/fixtures/make_image_to_image.py). */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { Pixels } from '../src/core/image';
import { cut, fromPixels, toRgba } from '../src/core/image/raster';
import { AppError } from '../src/core/errors';
import type { GenerationRequest } from '../src/core/recipe/request';
import type { EngineEvent } from '../src/engine/api';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/image-to-image.json';
import { Model } from '../src/engine/models/model';
import { encodeMean } from '../src/engine/operations/encode-image';
import { paintTiny, tinyCase, TINY_ENTRY } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Random weights, whose norms and attention see less of the picture in each tile. */
const TILED_ERROR = 0.2; // 0.114; one row of cells out of its place gives more than 1

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
const UNHEARD = { onEvent: () => undefined, pause: () => Promise.resolve() };
const changesOf = (denoisingStrength: number) => ({ initImage: 'hash', images, denoisingStrength });

describe('the encoder', () => {
  it('reads the mean that diffusers reads', async () => {
    const source = await openTinyPack(tinyCase('sd15'), 'float32');
    const model = new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
    const mean = await encodeMean(model, picture, UNHEARD);
    expect(relativeError([...mean], fixture.mean)).toBeLessThan(1e-5);
    const odd = toRgba(cut(fromPixels(picture), { left: 0, top: 0, right: width - 1, bottom: height - 1 }));
    const half = await encodeMean(model, odd, UNHEARD);
    await model.dispose();
    expect(relativeError([...half], fixture.odd), 'a row and a column are left over').toBeLessThan(1e-5);
  });
});

describe('the encoder where memory is short', () => {
  /** 80 by 40 cells and a row and a column more: flat but for a few waves. */
  const [across, down] = [161, 81];
  const large: Pixels = {
    width: across,
    height: down,
    data: Uint8ClampedArray.from({ length: 4 * across * down }, (_, i) => {
      const [x, y] = [Math.floor(i / 4) % across, Math.floor(i / 4 / across)];
      return i % 4 === 3 ? 255 : 128 + 90 * Math.sin(x / (5 + (i % 4))) * Math.cos(y / 7);
    }),
  };
  const openModel = async (memoryBytes?: number): Promise<Model> => {
    const source = await openTinyPack(tinyCase('sd15'), 'float32');
    const device = { provider: 'wasm', adapter: '', ...(memoryBytes !== undefined && { memoryBytes }) } as const;
    return new Model({ entry: TINY_ENTRY, source, device, now: () => 0 });
  };

  it('reads in tiles what does not fit as a whole, nearly the same, and ends between two when it is cancelled', async () => {
    const [roomy, tight] = [await openModel(), await openModel(1)];
    const whole = await encodeMean(roomy, large, UNHEARD);
    const heard: string[] = [];
    const onEvent = (event: EngineEvent): void =>
      void (event.type === 'tile' && heard.push(`${event.tile} of ${event.tiles}`));
    const tiled = await encodeMean(tight, large, { ...UNHEARD, onEvent });
    expect(heard).toEqual(Array.from({ length: 8 }, (_, i) => `${i + 1} of 8`));
    expect(tiled.length).toBe(whole.length);
    const error = relativeError(tiled, whole);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(TILED_ERROR);

    const stop = { onEvent, pause: () => Promise.reject(new AppError('cancelled', 'over')) };
    heard.length = 0;
    await expect(encodeMean(tight, large, stop)).rejects.toMatchObject({ code: 'cancelled' });
    expect(heard).toEqual(['1 of 8']);
    await Promise.all([roomy, tight].map((model) => model.dispose()));
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
