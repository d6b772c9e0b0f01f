/** What is put in line for a picture that is only to be larger. */
import { describe, expect, it, vi } from 'vitest';
import { paintsNothing } from '../../../core/recipe/has-effect';
import { requestProblems } from '../../../core/recipe/problems';
import type { GenerationRequest } from '../../../core/recipe/request';
import { enlargedRequest } from './enlarge-picture';

const pixels = { width: 176, height: 128, data: new Uint8ClampedArray(176 * 128 * 4) };
vi.mock('./read-start-picture', () => ({ readStartPicture: () => Promise.resolve({ pixels }) }));

const HASH = 'ab'.repeat(32);
const put = () => Promise.resolve(HASH);
const made: GenerationRequest = {
  ...{ prompt: 'a cat', negativePrompt: '', model: 'starter', sampler: 'euler', schedule: 'karras', noise: 'nv' },
  ...{ steps: 8, cfgScale: 4, width: 128, height: 128, seed: '3' as never },
};

describe('enlargedRequest', () => {
  it('paints nothing, has the picture’s own size and keeps what made it', async () => {
    const before = {
      ...made,
      initImage: 'cd'.repeat(32),
      initMask: HASH,
      hiresScale: 2,
      denoisingStrength: 0.5,
      ...({ redraw: 'linear', seamFix: 'half_tile' } as const),
    };
    const request = await enlargedRequest(new Blob(), { request: before }, { put });
    expect(request).toMatchObject({ prompt: 'a cat', initImage: HASH, width: 176, height: 128, hiresScale: 1 });
    expect(request.enlarger).not.toBe('none');
    expect(request.initMask).toBeUndefined();
    expect(paintsNothing(request)).toBe(true);
    expect(requestProblems({ ...request, seed: made.seed })).not.toHaveProperty('width');
  });

  it('keeps the network that was chosen', async () => {
    const enlarger = 'realesr-animevideov3-x4' as const;
    const { enlarger: kept } = await enlargedRequest(new Blob(), { request: { ...made, enlarger } }, { put });
    expect(kept).toBe(enlarger);
  });
});
