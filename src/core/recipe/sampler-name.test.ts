/** Samplers and keys by the names of forks, savers and other programs. */
import { describe, expect, it } from 'vitest';
import { parseInfotext } from './infotext';
import { SAMPLERS, type SamplerId } from '../samplers';
import { SCHEDULES } from '../schedules';
import type { ScheduleEntry } from '../schedules';
import { findSampler, readSamplerName } from './sampler-name';

const COMFY_SCHEDULES = Object.values(SCHEDULES as Record<string, ScheduleEntry>).flatMap(
  ({ comfyName }) => comfyName ?? [],
);
const COMFY_SAMPLERS = [
  'euler',
  'euler_ancestral',
  'heun',
  'dpm_2',
  'dpm_2_ancestral',
  'lms',
  'dpm_fast',
  'dpm_adaptive',
  'dpmpp_2s_ancestral',
  'dpmpp_sde',
  'dpmpp_2m',
  'dpmpp_2m_sde',
  'dpmpp_3m_sde',
  'ddpm',
  'lcm',
  'ddim',
  'uni_pc',
  'euler_cfg_pp',
  'euler_ancestral_cfg_pp',
  'dpmpp_2m_cfg_pp',
  'dpmpp_2s_ancestral_cfg_pp',
] as const;

describe('readSamplerName', () => {
  it.each(COMFY_SAMPLERS)('reads %s with every scheduler, as savers of ComfyUI join them', (sampler) => {
    for (const scheduler of COMFY_SCHEDULES)
      for (const name of [`${sampler}_${scheduler}`, `${sampler}_gpu_${scheduler}`].slice(
        0,
        sampler.includes('sde') ? 2 : 1,
      )) {
        const read = readSamplerName(name);
        expect([
          name,
          read.sampler,
          read.schedule && (SCHEDULES as Record<string, ScheduleEntry>)[read.schedule].comfyName,
        ]).toEqual([name, sampler, scheduler]);
      }
  });

  it.each<[string, SamplerId]>([
    ['k_euler_a', 'euler_ancestral'],
    ['euler_a', 'euler_ancestral'],
    ['Euler A', 'euler_ancestral'],
    ['eulera', 'euler_ancestral'],
    ['k_dpmpp_2s_ancestral', 'dpmpp_2s_ancestral'],
    ['dpm++2s_a', 'dpmpp_2s_ancestral'],
    ['dpm++2m', 'dpmpp_2m'],
    ['DPM++-2M', 'dpmpp_2m'],
    ['sample_dpmpp_2m', 'dpmpp_2m'],
    ['kdpm_2_a', 'dpm_2_ancestral'],
    ['EulerAncestralDiscreteScheduler', 'euler_ancestral'],
    ['DPMSolverMultistepScheduler', 'dpmpp_2m'],
    ['UniPC', 'uni_pc'],
    ['unipc', 'uni_pc'],
    ['PNDM', 'plms'],
    ['ddim_v3', 'ddim'],
    ['dpmpp_2m_sde_gpu', 'dpmpp_2m_sde'],
    ['k_dpm_fast', 'dpm_fast'],
    ['heun', 'heun'],
    ['Euler a CFG++', 'euler_ancestral_cfg_pp'],
    ['Euler Ancestral CFG++', 'euler_ancestral_cfg_pp'],
    ['Euler CFG++', 'euler_cfg_pp'],
    ['k_euler_a_cfg_pp', 'euler_ancestral_cfg_pp'],
    ['DPM++ 2s a CFG++', 'dpmpp_2s_ancestral_cfg_pp'],
  ])('%s is %s', (name, sampler) => {
    expect(findSampler(name)).toBe(sampler);
  });

  it('knows its own names', () => {
    for (const [id, { label }] of Object.entries(SAMPLERS))
      expect([findSampler(id), findSampler(label)]).toEqual([id, id]);
  });

  it.each<[string, SamplerId, RegExp]>([
    ['DPM++ 2M SDE CFG++', 'dpmpp_2m_sde', /CFG\+\+/],
    ['dpmpp_sde_cfg_pp', 'dpmpp_sde', /cfg_pp/],
    ['DPM++ 3M SDE CFG++ Karras', 'dpmpp_3m_sde', /CFG\+\+/],
    ['ipndm_bh2', 'ipndm', /bh2/],
  ])('%s falls back to %s with a note', (name, sampler, note) => {
    const { recipe, notes } = parseInfotext(`a\nSteps: 3, Sampler: ${name}, Seed: 4, Size: 64x64`);
    expect(recipe.sampler).toBe(sampler);
    expect(notes.map(({ message }) => message).join()).toMatch(note);
  });

  it('says which schedule it does not know', () => {
    const { recipe, notes } = parseInfotext('a\nSteps: 3, Sampler: dpmpp_2m_bong_tangent, Seed: 4, Size: 64x64');
    expect(recipe).toMatchObject({ sampler: 'dpmpp_2m', schedule: 'normal' });
    expect(notes[0].message).toMatch(/bong_tangent/);
  });
});

const text = (pairs: string) =>
  parseInfotext(`a stone bridge\nNegative prompt: mist\nSteps: 18, CFG scale: 5.5, Seed: 77, Size: 576x704, ${pairs}`);

describe('texts of savers of ComfyUI', () => {
  it.each([
    'Sampler: dpmpp_2m_karras, Version: ComfyUI',
    'Sampler: dpmpp_2m_karras',
    'Sampler: DPM++ 2M Karras, Version: ComfyUI',
    'Sampler: dpmpp_2m, Scheduler: karras, Version: ComfyUI 0.3.40',
    'Sampler: DPM++ 2M, Schedule type: Karras, Version: ComfyUI',
    'Sampler: Default - DPM++ 2M (dpmpp_2m / karras)',
  ])('%s has ComfyUI’s noise and rules', (pairs) => {
    expect(text(pairs).recipe).toMatchObject({
      sampler: 'dpmpp_2m',
      schedule: 'karras',
      noise: 'comfyui',
      dialect: 'comfyui',
      conventions: 'comfyui',
    });
  });

  it('a name without a schedule is the plain one, not what A1111 would take', () => {
    expect(text('Sampler: DPM++ 2M, Version: ComfyUI').recipe).toMatchObject({
      sampler: 'dpmpp_2m',
      schedule: 'normal',
      noise: 'comfyui',
    });
    expect(text('Sampler: euler_ancestral').recipe).toMatchObject({ schedule: 'normal', noise: 'comfyui' });
    expect(text('Sampler: DPM++ 2M, RNG: NV, Version: ComfyUI').recipe.noise).toBe('nv');
  });

  it.each([
    'Sampler: DPM++ 2M Karras, Version: v1.6.0',
    'Sampler: dpm++2m karras, RNG: cuda, Version: stable-diffusion.cpp',
    'Sampler: k_dpmpp_2m, Schedule type: Karras',
  ])('%s is none of ComfyUI', (pairs) => {
    expect(text(pairs).recipe).toMatchObject({ sampler: 'dpmpp_2m', schedule: 'karras' });
    expect(text(pairs).recipe.dialect).toBeUndefined();
  });
});

describe('keys of forks', () => {
  it.each<[string, object]>([
    ['Scheduler: karras', { schedule: 'karras' }],
    ['CLIP skip: 2', { clipSkip: 2 }],
    ['CLiP-skip: 2', { clipSkip: 2 }],
    ['Clip skip: -2', { clipSkip: 2 }],
    ['CFG rescale: 0.7', { cfgRescale: 0.7 }],
    ['Variation strength: 0.2, Variation seed: 5', { variationStrength: 0.2, variationSeed: 5 }],
    ['Denoise: 0.5', { denoisingStrength: 0.5 }],
    ['VAE name: ft-mse', { vae: 'ft-mse' }],
    ['Base model: orchard, Base model hash: 0123456789', { model: 'orchard', modelHash: '0123456789' }],
    ['CFG Scale: 4', { cfgScale: 5.5 }],
    ['sampler: Euler a', { sampler: 'euler_ancestral' }],
    ['Sampler: Euler a, RNG: cpu', { noise: 'cpu' }],
  ])('%s', (pairs, wanted) => {
    const { recipe, notes } = text(pairs);
    expect(recipe).toMatchObject(wanted);
    expect(notes).toEqual([]);
  });

  it.each(['0', 'None', 'False'])('clip skip %s asks for nothing', (value) => {
    const { recipe, notes } = text(`Clip skip: ${value}`);
    expect([recipe.clipSkip, notes]).toEqual([undefined, []]);
  });

  it('reads width and height, and sizes in brackets', () => {
    expect(parseInfotext('a\nSteps: 3, Width: 64, Height: 128, Seed: 3').recipe).toMatchObject({
      width: 64,
      height: 128,
    });
    expect(parseInfotext('a\nSteps: 3, Size: 64 x 128, Seed: 3').recipe).toMatchObject({ width: 64, height: 128 });
  });
});
