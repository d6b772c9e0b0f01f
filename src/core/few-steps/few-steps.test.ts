/** Which files paint in a few steps, by names as they are published. */
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../catalog';
import manifest from '../../../models-manifest.json';
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import { DISTILLED, fewStepsOf } from '.';

const words = (kind: 'lora' | 'checkpoint', ...names: string[]) => {
  const found = fewStepsOf(kind, names);
  return found && `${found.label}: ${found.sampler}, ${found.schedule}, ${found.steps} steps, CFG ${found.cfgScale}`;
};

describe('fewStepsOf', () => {
  it.each([
    ['lcm-lora-sdv1-5', 'LCM: lcm, automatic, 6 steps, CFG 1'],
    ['LCM_LoRA_Weights_SD15', 'LCM: lcm, automatic, 6 steps, CFG 1'],
    ['sdxl_lightning_4step_lora', 'Lightning: euler, sgm_uniform, 4 steps, CFG 1'],
    ['sdxl_lightning_8step_lora', 'Lightning: euler, sgm_uniform, 8 steps, CFG 1'],
    ['Hyper-SD15-8steps-lora', 'Hyper-SD: euler, sgm_uniform, 8 steps, CFG 1'],
    ['Hyper-SDXL-12steps-CFG-lora', 'Hyper-SD: euler, sgm_uniform, 12 steps, CFG 6'],
    ['Hyper-SDXL-1step-lora', 'Hyper-SD: lcm, sgm_uniform, 1 steps, CFG 1'],
    ['dmd2_sdxl_4step_lora_fp16', 'DMD2: lcm, sgm_uniform, 4 steps, CFG 1'],
    ['pcm_sd15_smallcfg_2step_converted', 'PCM: euler, sgm_uniform, 2 steps, CFG 1'],
    ['pcm_sdxl_normalcfg_16step_converted', 'PCM: euler, sgm_uniform, 16 steps, CFG 6'],
    ['TCD-SD15-LoRA', 'TCD: tcd, sgm_uniform, 4 steps, CFG 1'],
    ['flash-sdxl', 'Flash: lcm, sgm_uniform, 4 steps, CFG 1'],
    ['sd_xl_turbo_lora_v1', 'Turbo: euler_ancestral, turbo, 4 steps, CFG 1'],
  ])('knows the LoRA %s', (name, wanted) => expect(words('lora', name)).toBe(wanted));

  it.each([
    ['DreamShaperXL_Lightning', 'Lightning: euler, sgm_uniform, 4 steps, CFG 1'],
    ['realvisxlV40_v40LightningBakedvae', 'Lightning: euler, sgm_uniform, 4 steps, CFG 1'],
    ['dreamshaper_8LCM', 'LCM: lcm, automatic, 6 steps, CFG 1'],
    ['Juggernaut_RunDiffusionPhoto2_Lightning_4Steps', 'Lightning: euler, sgm_uniform, 4 steps, CFG 1'],
    ['TurboVisionXL', 'Turbo: euler_ancestral, turbo, 4 steps, CFG 1'],
    ['realisticVisionV60B1_v51HyperVAE', 'Hyper-SD: euler, sgm_uniform, 8 steps, CFG 1'],
  ])('knows the checkpoint %s', (name, wanted) => expect(words('checkpoint', name)).toBe(wanted));

  it.each([
    'lightning_strikes',
    'turbo car style',
    'hyperrealism',
    'hyper detailed',
    'flash photography',
    'add_detail',
  ])('leaves a LoRA called %s alone', (name) => expect(words('lora', name)).toBeUndefined());

  it('goes by the first name that tells, the metadata’s where the file’s says nothing', () => {
    expect(words('lora', 'my favourite', 'lcm-lora-sdxl')).toBe('LCM: lcm, automatic, 6 steps, CFG 1');
    expect(words('lora', 'sdxl_lightning_2step_lora', 'lcm')).toMatch(/^Lightning.*2 steps/);
    expect(words('lora')).toBeUndefined();
    expect(words('lora', 'lcm_999steps')).toMatch(/, 6 steps/);
  });

  it('takes names of any length without delay', () => {
    const start = performance.now();
    for (const text of ['a1'.repeat(20_000), 'A'.repeat(40_000), '1step'.repeat(8000)]) words('lora', text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each(Object.entries(DISTILLED))('has settings that exist for %s', (_, { steps, settings }) => {
    const { sampler, schedule, cfgScale } = settings(steps, { all: [], has: () => false, steps: undefined });
    expect([sampler in SAMPLERS, schedule in SCHEDULES, cfgScale]).toEqual([true, true, 1]);
  });

  it('knows each LoRA of the catalogue', () => {
    const loras = parseCatalog(manifest).helpers?.filter(({ role }) => role === 'lora') ?? [];
    expect(loras.length).toBeGreaterThan(3);
    for (const { id, promptName = '' } of loras) expect(words('lora', promptName), id).toBeDefined();
  });
});
