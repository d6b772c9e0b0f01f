import { describe, expect, it } from 'vitest';
import { findSchedule, SCHEDULES, type ScheduleEntry } from './index';

const ENTRIES = Object.entries(SCHEDULES) as [string, ScheduleEntry][];

describe('findSchedule', () => {
  it.each(ENTRIES)('finds %s by its id and its label', (id, { label, aliases }) => {
    for (const name of [id, label, ...aliases, label.toUpperCase(), ` ${label} `]) expect(findSchedule(name)).toBe(id);
  });

  it('reads the words of ComfyUI as ComfyUI means them', () => {
    const words = ['simple', 'sgm_uniform', 'karras', 'exponential', 'ddim_uniform', 'beta', 'normal', 'kl_optimal'];
    const ids = ['simple', 'sgm_uniform', 'karras', 'exponential', 'ddim', 'beta_comfy', 'normal', 'kl_optimal_comfy'];
    expect(words.map((word) => findSchedule(word, 'comfyui'))).toEqual(ids);
  });

  it("takes A1111's word where ComfyUI has none, and the other way round", () => {
    expect(findSchedule('Align Your Steps', 'comfyui')).toBe('align_your_steps');
    expect(findSchedule('ddim_uniform', 'a1111')).toBe('ddim');
  });

  it('knows nothing else', () => {
    expect(['', 'linear_quadratic', 'toString', '__proto__'].map((name) => findSchedule(name))).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('SCHEDULES', () => {
  it('has ids, labels and aliases that name one schedule each', () => {
    const names = ENTRIES.flatMap(([id, { label, aliases }]) => [...new Set([id, label.toLowerCase()]), ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    const comfy = ENTRIES.flatMap(([, { comfyName }]) => comfyName ?? []);
    expect(new Set(comfy).size).toBe(comfy.length);
  });
});
