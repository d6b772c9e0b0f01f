import { describe, expect, it } from 'vitest';
import { readStoredJobs } from './job';

describe('readStoredJobs', () => {
  const sound = {
    request: {
      ...{ model: 'small', prompt: 'a', negativePrompt: '', sampler: 'euler', schedule: 'karras', noise: 'nv' },
      ...{ steps: 4, cfgScale: 4, seed: 1, width: 64, height: 64 },
    },
    count: 3,
    done: 1,
  };
  it('takes what can be run and leaves the rest', () => {
    const bad = [
      null,
      7,
      {},
      { ...sound, request: null },
      { ...sound, extras: null },
      { ...sound, count: 1e9 },
      { ...sound, done: 3 },
      { ...sound, done: -1 },
      { ...sound, request: { ...sound.request, sampler: 'x' } },
      { ...sound, request: { ...sound.request, steps: 1e6 } },
    ];
    expect(readStoredJobs([sound, ...bad])).toEqual([sound]);
    expect(readStoredJobs('x')).toEqual([]);
    expect(readStoredJobs(undefined)).toEqual([]);
  });
});
