/** Texts of other programs and of older versions. */
import { describe, expect, it } from 'vitest';
import { parseInfotext, recipeSettings, writeInfotext, type Recipe } from '.';
import { isBefore, parseVersion, V1_6_0, V1_7_0_225 } from './version';

const BASE = 'Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512';
const read = (parameters: string, prompt = 'a cat') => parseInfotext(`${prompt}\n${parameters}`);
const recipeOf = (parameters: string, prompt?: string): Recipe => read(parameters, prompt).recipe;

describe('sampler names', () => {
  it.each([
    ['DPM++ 2M Karras', 'dpmpp_2m', 'karras'],
    ['DPM++ 2M SDE Heun Exponential', 'dpmpp_2m_sde_heun', 'exponential'],
    ['DPM++ 2M SGMUniform', 'dpmpp_2m', 'sgm_uniform'],
    ['DPM2 a Karras', 'dpm_2_ancestral', 'karras'],
    ['Euler a', 'euler_ancestral', undefined],
    ['DPM adaptive', 'dpm_adaptive', undefined],
    ['k_euler_a', 'euler_ancestral', undefined],
    ['DDIM CFG++', 'ddim_cfg_pp', undefined],
  ])('reads %s', (name, sampler, schedule) => {
    const { recipe, notes } = read(BASE.replace('Euler', name));
    expect({ sampler: recipe.sampler, schedule: recipe.schedule, notes }).toEqual({ sampler, schedule, notes: [] });
  });

  it('takes DPM++ 2M for one that nobody knows, and says so', () => {
    const { recipe, notes } = read(BASE.replace('Euler', 'DPM++ 2M alt Karras'));
    expect(recipe).toMatchObject({ sampler: 'dpmpp_2m', schedule: 'karras' });
    expect(notes.map(({ message }) => message)).toEqual([
      'Sampler "DPM++ 2M alt Karras" is not known here: DPM++ 2M takes its place.',
    ]);
  });

  it('lets the end of the name count more than the schedule type', () => {
    const parameters = `${BASE.replace('Euler', 'DPM++ 2M Karras')}, Schedule type: Uniform`;
    expect(recipeOf(parameters).schedule).toBe('karras');
  });
});

describe('versions', () => {
  it.each([
    ['v1.10.1', [1, 10, 1, 0]],
    ['v1.6.0-2-g4afaaf8a', [1, 6, 0, 2]],
    ['1.7.0-225', [1, 7, 0, 225]],
    ['v1.8.0-RC', [1, 8, 0, -1]],
    ['v1.8.0-RC-12-g4afaaf8a', [1, 8, 0, -1]],
    ['v1.5', [1, 5, 0, 0]],
    ['f2.0.1v1.10.1-previous-669-gdfdcbab6', undefined],
    ['gesso-0.1.0', undefined],
    ['ComfyUI', undefined],
    ['', undefined],
  ])('reads %s', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it('compares them number by number', () => {
    expect(isBefore('v1.5.2', V1_6_0)).toBe(true);
    expect(isBefore('v1.10.1', V1_6_0)).toBe(false);
    expect(isBefore('v1.7.0-224-gabcdef0', V1_7_0_225)).toBe(true);
    expect(isBefore('v1.7.0-225-gabcdef0', V1_7_0_225)).toBe(false);
    expect(isBefore('f2.0.1v1.10.1-previous-669-gdfdcbab6', V1_7_0_225)).toBe(false);
    expect(isBefore(undefined, V1_7_0_225)).toBe(false);
  });

  it('assumes what a version before 1.6, 1.7 and 1.8 did', () => {
    const old = recipeOf(`${BASE.replace('Euler', 'PLMS')}, Refiner: xl [0123456789], Version: v1.5.2`, '[a:b:0.5]');
    expect(old.other).toEqual({
      'Old prompt editing timelines': 'True',
      'Pad conds v0': 'True',
      'Downcast alphas_cumprod': 'True',
    });
    expect(old.refiner).toEqual({ checkpoint: 'xl [0123456789]', bySteps: true });
    const refiner = (version: string) => recipeOf(`${BASE}, Refiner: xl [0123456789], Version: ${version}`).refiner;
    expect(refiner('v1.7.0')?.bySteps).toBe(true);
    expect(refiner('v1.8.0')).toEqual({ checkpoint: 'xl [0123456789]' });
    expect(refiner('f2.0.1v1.10.1-previous-669-gdfdcbab6')?.bySteps, 'Forge counts steps').toBe(true);
    expect(refiner('f5df56f')?.bySteps, 'a commit of SD.Next').toBeUndefined();
    expect(recipeOf(`${BASE}, Refiner: xl [0123456789], Version: v1.10.1`, '[a:b:0.5]').other).toBeUndefined();
    expect(recipeOf(`${BASE}, Version: gesso-0.1.0`, '[a:b:0.5]').other).toBeUndefined();
    expect(recipeOf(`${BASE}, Version: v1.7.0`).other).toEqual({ 'Downcast alphas_cumprod': 'True' });
  });

  it('says of what is assumed that the version did it, and of what is written that it is not applied', () => {
    const notesOf = (parameters: string, prompt?: string) =>
      recipeSettings(recipeOf(parameters, prompt)).notes.map(({ message }) => message);
    expect(notesOf(`${BASE}, Version: v1.5.2`)).toEqual([
      'Version v1.5.2 of its program rounded its noise levels to 16 bits: this is not done here, and the picture may differ a little.',
    ]);
    expect(notesOf(`${BASE}, Version: v1.5.2`, '[a:b:0.5]')[0]).toMatch(
      /read the numbers of \[a:b:0\.5\] in another way/,
    );
    expect(notesOf(`${BASE}, Downcast alphas_cumprod: True, Version: v1.10.1`)).toEqual([
      '"Downcast alphas_cumprod: True" is not applied.',
    ]);
    for (const version of ['v1.7.0-225-gabcdef0', 'v1.10.1', 'f2.0.1v1.10.1-previous-669-gdfdcbab6'])
      expect(notesOf(`${BASE}, Version: ${version}`)).toEqual([]);
    expect(notesOf(BASE)).toEqual([]);
    expect(notesOf(`${BASE}, Refiner: xl [0123456789], Version: v1.7.0-225-gabcdef0`)).toEqual([]);
  });

  it('takes a plain name before 1.9 for the plain schedule', () => {
    const plain = BASE.replace('Euler', 'DPM++ 2M');
    expect(recipeOf(`${plain}, Version: v1.8.0`).schedule).toBe('uniform');
    expect(recipeOf(`${plain}, Version: v1.9.0`).schedule).toBeUndefined();
    expect(recipeOf(plain).schedule).toBeUndefined();
    expect(recipeOf(`${BASE}, Version: v1.8.0`).schedule).toBeUndefined();
  });
});

describe('old settings', () => {
  it('makes a tag of a hypernetwork', () => {
    expect(recipeOf(`${BASE}, Hypernet: foo, Hypernet strength: 0.5`)).toEqual(
      recipeOf(BASE, 'a cat<hypernet:foo:0.5>'),
    );
  });

  it.each([
    ['First pass size: 384x512', 384, 512],
    ['First pass size: 0x0', 512, 512],
  ])('turns %s into the size', (key, width, height) => {
    const recipe = recipeOf(`${BASE.replace('512x512', '1024x1024')}, ${key}`);
    expect(recipe).toMatchObject({ width, height, hires: { resizeWidth: 1024, resizeHeight: 1024 } });
  });
});

describe('what is not said', () => {
  it('has the defaults of A1111: its missing RNG is the GPU', () => {
    const { settings } = recipeSettings(recipeOf(BASE));
    expect(settings).toMatchObject({ noise: 'nv', schedule: 'automatic', clipSkip: 1, ensd: 0, emphasis: 'original' });
  });
});

describe('tails', () => {
  const RESOURCES = '[{"type":"checkpoint","modelVersionId":128713,"modelName":"A, B"},{"weight":0.8}]';

  it('keeps JSON that a site has appended without quotes, and appends it again', () => {
    const text = `a cat\n${BASE}, Clip skip: 2, Created Date: 2024-08-23T1946, Civitai resources: ${RESOURCES}, Civitai metadata: {}`;
    const { recipe } = parseInfotext(text);
    expect(recipe.unknown).toEqual({
      'Created Date': '2024-08-23T1946',
      'Civitai resources': RESOURCES,
      'Civitai metadata': '{}',
    });
    expect(writeInfotext(recipe)).toBe(text);
  });

  it("keeps Forge's keys where they were", () => {
    const text = `a cat\n${BASE}, Denoising strength: 0.7, Hires upscale: 2, Hires upscaler: Latent, Hires CFG Scale: 7, Hires Module 1: Use same choices, Version: f2.0.1v1.10.1-previous-669-gdfdcbab6, Diffusion in Low Bits: Automatic (fp16 LoRA), Module 1: ae, Module 2: clip_l`;
    const { recipe, notes } = parseInfotext(text);
    expect(notes).toEqual([]);
    expect(recipe.unknown).toBeUndefined();
    expect(writeInfotext(recipe)).toBe(text);
  });
});

describe('values that are none', () => {
  it('stay among the unknown keys, with a note', () => {
    const { recipe, notes } = read('Steps: many, Sampler: Euler, Seed: 99999999999999999999, Size: 5, RNG: MPS');
    expect(recipe).toEqual({
      prompt: 'a cat',
      negativePrompt: '',
      sampler: 'euler',
      unknown: { Steps: 'many', Seed: '99999999999999999999', Size: '5', RNG: 'MPS' },
    });
    expect(notes.map(({ key }) => key)).toEqual(['Steps', 'Seed', 'Size', 'RNG']);
  });
});
