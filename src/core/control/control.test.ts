import { describe, expect, it } from 'vitest';
import { acts, type RangeRule } from './active-steps';
import { featureScales, isOfPositiveAlone, residualScales } from './control-scales';
import { kindOfModule, unionKinds } from './union-kinds';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../schedules';

const STEPS = 20;
const betas = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', num_train_timesteps: 1000 };
const schedule = createDiscreteSchedule(readNoiseScheduleConfig(betas, 'scheduler_config.json'));

/** The first and the last of 20 steps in which a unit acts. */
function span(rule: RangeRule, start: number, end: number, sigmas: readonly number[] = []): [number, number] | 'none' {
  const on = Array.from({ length: STEPS }, (_, step) => step).filter((step) =>
    acts(rule, { start, end }, { sigma: sigmas[step] ?? 1, reported: step - 1, steps: STEPS }, (t) =>
      schedule.tToSigma(t),
    ),
  );
  return on.length === 0 ? 'none' : [on[0], on[on.length - 1]];
}

describe('the steps in which a unit acts', () => {
  it.each([
    [0, 0.5, [0, 11], [0, 9]],
    [0, 0.35, [0, 8], [0, 6]],
    [0, 0.8, [0, 17], [0, 15]],
    [0.2, 1, [5, 19], [4, 19]],
    [0.2, 0.8, [5, 17], [4, 15]],
    [0.5, 1, [11, 19], [10, 19]],
    [0, 0, [0, 1], 'none'],
    [0, 1, [0, 19], [0, 19]],
  ])('from %f to %f are those of A1111 and of diffusers', (start, end, a1111, diffusers) => {
    expect(span('a1111', start, end)).toEqual(a1111);
    expect(span('diffusers', start, end)).toEqual(diffusers);
  });

  /** floor(20 · start) to ceil(20 · end), both within. @see InvokeAI diffusers_pipeline.py */
  it.each([
    [0, 1, [0, 19]],
    [0, 0.5, [0, 10]],
    [0.12, 0.33, [2, 7]],
    [0, 0, [0, 0]],
  ])('from %f to %f are those of InvokeAI', (start, end, steps) => {
    expect(span('invokeai', start, end)).toEqual(steps);
  });

  it('are the first for both calls of a step that A1111 counts late', () => {
    const at = { sigma: 1, reported: 10, steps: STEPS };
    expect(acts('a1111', { start: 0, end: 0.5 }, at, () => 1)).toBe(true);
    expect(acts('a1111', { start: 0, end: 0.5 }, { ...at, reported: 11 }, () => 1)).toBe(false);
  });

  it('are told by sigmas as ComfyUI does', () => {
    const on = (share: number, sigma: number): boolean =>
      acts('comfyui', { start: 0, end: share }, { sigma, reported: 0, steps: 1 }, (t) => schedule.tToSigma(t));
    for (const [share, sigma] of [
      [0.1, 8.30717],
      [0.2, 5.09241],
      [0.25, 4.08608],
      [0.5, 1.61558],
      [0.75, 0.69515],
      [0.9, 0.3437],
    ]) {
      expect(on(share, sigma * 1.001)).toBe(true);
      expect(on(share, sigma * 0.999)).toBe(false);
    }
    expect(span('comfyui', 0, 0)).toBe('none');
    expect(span('comfyui', 0, 1)).toEqual([0, 19]);
  });
});

/** 0.825 ** (12 − k) @see lllyasviel/ControlNet gradio_canny2image.py */
const SOFT = [0.0994, 0.1205, 0.1461, 0.177, 0.2146, 0.2601, 0.3153, 0.3822, 0.4633, 0.5615, 0.6806, 0.825, 1];

describe('how much of each map a unit adds', () => {
  it('is its weight where it is balanced', () => {
    expect(residualScales(13, { weight: 0.7, mode: 'balanced' })).toEqual(Array(13).fill(0.7));
    expect(featureScales(4, { weight: 0.7, mode: 'balanced' })).toEqual(Array(4).fill(0.7));
  });

  it.each(['prompt', 'control'] as const)('falls off towards the picture in the mode "%s"', (mode) => {
    residualScales(13, { weight: 1, mode }).forEach((scale, k) => expect(scale).toBeCloseTo(SOFT[k], 4));
    residualScales(10, { weight: 2, mode }).forEach((scale, k) => expect(scale).toBeCloseTo(2 * SOFT[k], 3));
    expect(featureScales(4, { weight: 2, mode })).toEqual([0.5, 1.24, 1.65, 2]);
    expect(residualScales(3, { weight: 1, mode })).toEqual([0.825 ** 2, 0.825, 1]);
    expect(featureScales(2, { weight: 1, mode })).toEqual([0.825, 1]);
  });

  it('can be made to fall off in any mode', () => {
    expect(residualScales(13, { weight: 1, mode: 'balanced', isSoft: true })[12]).toBe(1);
    expect(residualScales(13, { weight: 1, mode: 'balanced', isSoft: true })[0]).toBeCloseTo(SOFT[0], 4);
  });

  it('is nothing on the negative where control is more important', () => {
    expect(isOfPositiveAlone('control')).toBe(true);
    expect(isOfPositiveAlone('prompt')).toBe(false);
  });
});

describe('the kinds of a Union', () => {
  it.each([
    ['openpose_full', 'openpose'],
    ['depth_anything_v2', 'depth'],
    ['scribble_xdog', 'softedge'],
    ['canny', 'hardedge'],
    ['lineart_anime', 'hardedge'],
    ['normal_bae', 'normal'],
    ['seg_ofade20k', 'segmentation'],
    ['tile_resample', 'tile'],
    ['inpaint_only', 'inpaint'],
    ['none', undefined],
  ])('%s is of %s', (module, kind) => expect(kindOfModule(module)).toBe(kind));

  it('are eight, in the order of the tensors', () => expect(unionKinds()[3]).toBe('hardedge'));
});
