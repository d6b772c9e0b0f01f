/** What is put in line for a picture that is only to be larger. */
import { describe, expect, it, vi } from 'vitest';
import { isSecondAlone } from '../../../core/recipe/hires';
import { paintsNothing } from '../../../core/recipe/has-effect';
import { requestProblems } from '../../../core/recipe/problems';
import type { GenerationRequest } from '../../../core/recipe/request';
import { largerWays, type LargerWay } from '../pictures/larger-ways';
import { parseCatalog } from '../../../core/catalog';
import manifest from '../../../../models-manifest.json';
import { largerRequest } from './enlarge-picture';

const pixels = { width: 176, height: 128, data: new Uint8ClampedArray(176 * 128 * 4) };
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
    expect(problem).toMatch(/paints no other size/);
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
