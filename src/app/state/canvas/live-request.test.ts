/** What a live picture is asked for. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { LIVE_STEPS, liveRequest, paceText } from './live-request';

const FORM: GenerationRequest = {
  ...{ model: 'a', prompt: 'a cat', negativePrompt: '', seed: 5, width: 64, height: 64 },
  ...{
    noise: 'cpu',
    sampler: 'dpm_adaptive',
    schedule: 'karras',
    steps: 20,
    cfgScale: 7,
    initImage: 'old',
    initMask: 'old mask',
  },
  ...{ hiresScale: 2, hiresSteps: 4, enlarger: 'realesr-animevideov3-x4', denoisingStrength: 0.6, clipSkip: 2 },
};

describe('liveRequest', () => {
  it('has few steps, of a sampler that takes as many, and nothing that follows them', () => {
    expect(liveRequest(FORM, { initImage: 'new' })).toEqual({
      ...{ model: 'a', prompt: 'a cat', negativePrompt: '', seed: 5, width: 64, height: 64 },
      ...{ noise: 'cpu', sampler: 'euler', schedule: 'karras', steps: LIVE_STEPS, cfgScale: 7, initImage: 'new' },
      ...{ denoisingStrength: 0.6, clipSkip: 2 },
    });
  });

  it('keeps the steps of a model for fewer, and a mask that is painted', () => {
    const request = liveRequest({ ...FORM, sampler: 'lcm', steps: 2 }, { initImage: 'new', initMask: 'mask' });
    expect(request).toMatchObject({ sampler: 'lcm', steps: 2, initMask: 'mask' });
  });
});

describe('paceText', () => {
  it('says how long a picture takes, and that it is too long', () => {
    expect(paceText(0.4, 'M')).toBe('About 1 s a picture.');
    expect(paceText(62.3, 'M')).toBe('About 62 s a picture with M here: too slow to follow a hand.');
    expect(paceText(undefined, 'M')).toContain('not known yet');
  });
});
