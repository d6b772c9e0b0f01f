/** What is put in line for a picture that is only to be larger. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isSecondAlone } from '../../../core/recipe/hires';
import { paintsNothing } from '../../../core/recipe/has-effect';
import { requestProblems } from '../../../core/recipe/problems';
import { ADVANCED_DEFAULTS, type GenerationRequest } from '../../../core/recipe/request';
import { largerWays, type LargerWay } from '../pictures/larger-ways';
import { parseCatalog } from '../../../core/catalog';
import manifest from '../../../../models-manifest.json';
import { largerRequest } from './enlarge-picture';

const SIZE = { width: 176, height: 128 };
let pixels = SIZE;
beforeEach(() => (pixels = SIZE));
vi.mock('./read-start-picture', () => ({ readStartPicture: () => Promise.resolve({ pixels }) }));

const HASH = 'ab'.repeat(32);
const put = () => Promise.resolve(HASH);
const [ENTRY] = parseCatalog(manifest).models;
const made: GenerationRequest = {
  ...{ prompt: 'a cat', negativePrompt: '', model: 'starter', sampler: 'euler', schedule: 'karras', noise: 'nv' },
  ...{ steps: 8, cfgScale: 4, width: 128, height: 128, seed: '3' as never },
};

describe('largerRequest', () => {
  it('paints nothing, has the picture’s own size and keeps what made it', async () => {
    const before = {
      ...made,
      initImage: 'cd'.repeat(32),
      initMask: HASH,
      hiresScale: 2,
      denoisingStrength: 0.5,
      ...({ redraw: 'linear', seamFix: 'half_tile' } as const),
    };
    const { request } = await largerRequest(new Blob(), { request: before, way: 'network' }, { put });
    expect(request).toMatchObject({ prompt: 'a cat', initImage: HASH, width: 176, height: 128, hiresScale: 1 });
    expect(request.enlarger).not.toBe('none');
    expect(request.initMask).toBeUndefined();
    expect(request.redraw, 'its tiles would make it larger, too').toBeUndefined();
    expect(paintsNothing(request)).toBe(true);
    expect(requestProblems({ ...request, seed: made.seed })).not.toHaveProperty('width');
  });

  it('keeps the network that was chosen', async () => {
    const enlarger = 'realesr-animevideov3-x4' as const;
    const asked = { request: { ...made, enlarger }, way: 'network' } as const;
    expect((await largerRequest(new Blob(), asked, { put })).request.enlarger).toBe(enlarger);
  });

  it('paints it over once more, twice as large, as if it were the first pass', async () => {
    const { request, problem } = await larger('second');
    expect(request).toMatchObject({ hiresAlone: true, hiresScale: 2, denoisingStrength: 0.4, width: 176, height: 128 });
    expect(request).toMatchObject({ hiresUpscaler: 'r_esrgan_animevideo', enlarger: 'none', initImage: HASH });
    expect(isSecondAlone(request)).toBe(true);
    expect(problem).toBeUndefined();
  });

  it('goes the way of its own second pass where it has one', async () => {
    const own = { hiresScale: 1.5, hiresUpscaler: 'latent', denoisingStrength: 0.7, hiresSteps: 9 };
    expect((await larger('second', own)).request).toMatchObject({ ...own, hiresAlone: true });
  });

  it('takes the strength that its own second pass had where nothing is said, and one of none for its own', async () => {
    const strength = async (own: Partial<GenerationRequest>) => (await larger('second', own)).request.denoisingStrength;
    expect(await strength({ hiresScale: 2 })).toBe(ADVANCED_DEFAULTS.denoisingStrength);
    expect(await strength({ hiresScale: 2, denoisingStrength: 0 })).toBe(0.4);
    expect(await strength({ denoisingStrength: 0.7 }), 'that of a first pass').toBe(0.4);
  });

  it.each([
    [{ width: 1500, height: 1000 }, 8, { width: 1496, height: 1000 }],
    [{ width: 1001, height: 701 }, 64, { width: 960, height: 640 }],
    [{ width: 1000, height: 40 }, 8, { width: 1000, height: 64 }],
  ])('has a size that can be painted for one of %o, in steps of %i', async (own, step, painted) => {
    pixels = own;
    const size = { min: 64, max: 2048, step };
    const made = { second: await larger('second', {}, size), tiles: await larger('tiles', {}, size) };
    expect(made.second.request).toMatchObject({ ...painted, resizeMode: 'crop_and_resize' });
    for (const { request, problem } of Object.values(made)) {
      expect(problem).toBeUndefined();
      expect(requestProblems(request, size)).toEqual({});
    }
    const { request } = await larger('network', {}, size);
    expect(requestProblems(request), 'with no model’s limits').toEqual({});
  });

  it('keeps the refiner of its own second pass, and says of any other that it is left out', async () => {
    const refiner = { refinerCheckpoint: 'other', refinerSwitchAt: 0.6 };
    const own = await larger('second', { ...refiner, hiresScale: 2, refinerPasses: 'both' });
    expect(own.request).toMatchObject({ ...refiner, refinerPasses: 'second' });
    expect(own.without).toBeUndefined();
    const first = await larger('second', { ...refiner, hiresScale: 2, refinerPasses: 'first' });
    expect([first.request.refinerCheckpoint, first.without], 'not of its second pass').toEqual(['none', undefined]);
    for (const way of ['second', 'tiles'] as const) {
      const { request, without } = await larger(way, refiner);
      expect([request.refinerCheckpoint, without]).toEqual(['none', 'the refiner other']);
      expect((await larger(way)).without).toBeUndefined();
    }
    expect((await larger('network', refiner)).without).toBeUndefined();
  });

  it('paints it over tile by tile, as the form would at first', async () => {
    const { request, problem } = await larger('tiles', { hiresScale: 2, hiresAlone: true, tiling: 'both' });
    expect(request).toMatchObject({ redraw: 'linear', redrawScale: 2, redrawTileWidth: 512, denoisingStrength: 0.35 });
    expect(request).toMatchObject({ hiresScale: 1, tiling: 'none', enlarger: 'none' });
    expect(problem).toBeUndefined();
    const small = (await larger('tiles', {}, { min: 128, max: 128, step: 128 })).request;
    expect(small).toMatchObject({ redrawTileWidth: 96, redrawPadding: 8, denoisingStrength: 0.15 });
  });

  it('says why it cannot be had', async () => {
    const { problem } = await larger('second', {}, { min: 128, max: 128, step: 128 });
    expect(problem).toMatch(/has no second pass/);
  });
});

const larger = (way: LargerWay, changes: Partial<GenerationRequest> = {}, size = { min: 64, max: 2048, step: 8 }) =>
  largerRequest(new Blob(), { request: { ...made, seed: 3, ...changes }, way, model: { ...ENTRY, size } }, { put });

describe('largerWays', () => {
  it('offers a second pass where the model paints the whole at once', () => {
    const size = { min: 64, max: 2048, step: 8 };
    expect(largerWays({ width: 512, height: 768 }, size)).toEqual(['network', 'second', 'tiles']);
    expect(largerWays({ width: 4096, height: 768 }, size)).toEqual(['network', 'tiles']);
    expect(largerWays({ width: 128, height: 128 }, { min: 128, max: 128, step: 128 })).toEqual(['network', 'tiles']);
    expect(largerWays({ width: 512, height: 512 })).toEqual(['network', 'second', 'tiles']);
  });
});
