/** What a picture started from: found by its hash, laid as it was painted, and said where it is gone. */
import { describe, expect, it, vi } from 'vitest';
import { resizeToFit } from '../../../core/image/geometry';
import { fromPixels, type Raster } from '../../../core/image/raster';
import { madeRaster } from '../../../core/image/testing/made-bytes';
import type { GenerationRequest } from '../../../core/recipe/request';
import { hasStart, laidAsPainted, START_GONE, StartOf } from './start-of.svelte';

const START = madeRaster({ width: 12, height: 8 }, 4, 1);
const picture = (width: number, height: number, more: Partial<GenerationRequest> = {}) => ({
  ...{ width, height },
  request: { initImage: 'hash', ...more } as GenerationRequest,
});

describe('laidAsPainted', () => {
  it('leaves what has the picture’s shape, and cuts, fills or stretches the rest as the request says', () => {
    expect(laidAsPainted(START, picture(24, 16)).data).toBe(START.data);
    const size = { width: 16, height: 16 };
    for (const mode of ['crop_and_resize', 'resize_and_fill', 'just_resize'] as const)
      expect(laidAsPainted(START, picture(16, 16, { resizeMode: mode })).data).toEqual(
        resizeToFit(START, size, { mode }).data,
      );
    expect(laidAsPainted(START, picture(16, 16)).data).toEqual(
      resizeToFit(START, size, { mode: 'crop_and_resize' }).data,
    );
  });
});

describe('StartOf', () => {
  const toUrl = vi.fn((drawn: Raster<4>) => Promise.resolve(`blob:${drawn.width}`));

  it('finds it once, and lets it go', async () => {
    URL.revokeObjectURL = vi.fn();
    const pixels = vi.fn(() => Promise.resolve(fromPixels(START)));
    const start = new StartOf({ pixels }, toUrl);
    await start.find(picture(24, 16));
    await start.find(picture(24, 16));
    expect([start.url, start.problem, pixels.mock.calls]).toEqual(['blob:12', undefined, [['hash']]]);
    start.forget();
    expect([start.url, vi.mocked(URL.revokeObjectURL).mock.calls]).toEqual([undefined, [['blob:12']]]);
  });

  it('says that it is gone, or cannot be read', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const start = new StartOf({ pixels: () => Promise.resolve(undefined) }, toUrl);
    await start.find(picture(24, 16));
    expect([start.url, start.problem]).toEqual([undefined, START_GONE]);
    const broken = new StartOf({ pixels: () => Promise.reject(new Error('broken')) }, toUrl);
    await broken.find(picture(24, 16));
    expect(broken.problem).toBe(START_GONE);
  });

  it('shows nothing of a picture that is not looked at any more', async () => {
    URL.revokeObjectURL = vi.fn();
    let give: (pixels: Raster<4>) => void = () => undefined;
    const start = new StartOf({ pixels: () => new Promise((resolve) => (give = resolve)) }, toUrl);
    const finding = start.find(picture(24, 16));
    start.forget();
    give(START);
    await finding;
    expect([start.url, start.problem]).toEqual([undefined, undefined]);
    expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:12');
  });

  it('is asked of pictures that started from one', () => {
    expect([hasStart(picture(8, 8)), hasStart({ request: {} as GenerationRequest })]).toEqual([true, false]);
  });
});
