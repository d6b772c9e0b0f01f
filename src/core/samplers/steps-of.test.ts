/** Parts of a run, as ComfyUI's KSampler slices its sigmas. */
import { describe, expect, it } from 'vitest';
import { stepsOf } from './steps-of';

const start = {
  sigmas: Float64Array.of(14, 7, 3, 1, 0),
  path: Float64Array.of(14, 7, 3, 1, 0),
  ...{ latentScale: 1, noiseScale: Math.hypot(1, 14), steps: 4 },
};
const of = (startStep: number, endStep: number, keepsNoise = true) =>
  stepsOf(start, { startStep, endStep, keepsNoise }, 14);

describe('stepsOf', () => {
  it('is the run itself where nothing is left out', () => {
    expect(of(0, 10_000)).toBe(start);
    expect(of(0, 4, false)).toBe(start);
  });

  it('begins and ends between steps, with or without the noise that is left', () => {
    expect([...of(0, 2).sigmas]).toEqual([14, 7, 3]);
    expect([...of(0, 2, false).sigmas]).toEqual([14, 7, 0]);
    expect([...of(2, 10_000).sigmas]).toEqual([3, 1, 0]);
    expect([...of(1, 3, false).sigmas]).toEqual([7, 3, 0]);
  });

  it('scales noise for the first sigma of the part', () => {
    expect(of(0, 2).noiseScale).toBe(start.noiseScale);
    expect(of(2, 4).noiseScale).toBe(3);
  });
});
