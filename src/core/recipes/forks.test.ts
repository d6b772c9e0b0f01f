/** Infotexts of forks, savers, sites and programs that write as A1111 does, with keys and names of their own. */
import { describe, expect, it } from 'vitest';
import { writeInfotext, type Recipe } from '../recipe/infotext';
import { writeLink } from '../recipe/links';
import { readTextRecipe } from '.';

const START = 'a stone bridge\nNegative prompt: mist\nSteps: 18';
const PLAIN = `${START}, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704`;
const read = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  read(text)
    .notes.map(({ message }) => message)
    .join('\n');

describe('names of samplers and schedules', () => {
  it.each<[names: string, Partial<Recipe>, note?: RegExp]>([
    [
      'Sampler: euler_a discrete, RNG: cuda, Version: stable-diffusion.cpp',
      { sampler: 'euler_ancestral', schedule: 'uniform', noise: 'nv' },
    ],
    [
      'Sampler: dpm++2mv2 karras, Version: stable-diffusion.cpp',
      { sampler: 'dpmpp_2m', schedule: 'karras' },
      /dpm\+\+2mv2/,
    ],
    ['Sampler: ddim_trailing sgm_uniform', { sampler: 'ddim', schedule: 'sgm_uniform' }, /ddim_trailing/],
    ['Sampler: dpm++2s_a ays', { sampler: 'dpmpp_2s_ancestral', schedule: 'align_your_steps' }],
    ['Sampler: euler smoothstep', { sampler: 'euler', schedule: 'automatic' }, /smoothstep/],
    ['Sampler: DPM2MKarras', { sampler: 'dpmpp_2m', schedule: 'karras' }],
    ['Sampler: LMSKarras', { sampler: 'lms', schedule: 'karras' }],
    ['Sampler: k_dpmpp_2m_ka', { sampler: 'dpmpp_2m', schedule: 'karras' }],
    ['Sampler: Euler Max', { sampler: 'euler' }, /Euler Max/],
    ['Sampler: Euler A SMEA Dy', { sampler: 'euler_ancestral' }, /SMEA/],
    ['Sampler: DPM++ 2s a RF', { sampler: 'dpmpp_2s_ancestral' }, /RF/],
    ['Scheduler: K_EULER_ANCESTRAL', { sampler: 'euler_ancestral' }],
    ['Scheduler: DPMSolverMultistepScheduler', { sampler: 'dpmpp_2m' }],
    ['Scheduler: DPM-Solver++', { sampler: 'dpmpp_2m' }],
    ['Sampler: Euler, Schedule type: Align Your Steps 32', { schedule: 'align_your_steps' }, /Steps 32/],
    ['Sampler: DPM++ 2M, Sampler sigma: karras, App: SD.Next', { sampler: 'dpmpp_2m', schedule: 'karras' }],
    ['Sampler: Euler, KSampler: dpmpp_2m, Schedule: karras', { sampler: 'euler', schedule: 'karras' }],
  ])('%s', (names, wanted, note) => {
    const text = `${START}, ${names}, CFG scale: 5.5, Seed: 77`;
    expect(read(text).recipe).toMatchObject({ steps: 18, cfgScale: 5.5, ...wanted });
    if (note) expect(messages(text)).toMatch(note);
    else expect(messages(text)).toBe('');
  });

  it.each<[name: string, schedule: string, note: RegExp | '']>([
    ['Default - DPM++ 2M', 'karras', /Karras is taken/],
    ['Creative - Euler a', 'normal', /Normal is taken/],
    ['My own - Euler', 'normal', /Normal is taken/],
    ['Alternative - DPM++ 2M Karras', 'karras', ''],
    ['Flux - Euler simple', 'simple', ''],
    ['Fast (euler / sgm_uniform)', 'sgm_uniform', ''],
    ['Fast (euler / linear_quadratic)', 'normal', /linear_quadratic/],
  ])('of Krita’s plugin: %s', (name, schedule, note) => {
    const text = `${START}, Sampler: ${name}, CFG scale: 5.5, Seed: 77`;
    expect(read(text).recipe).toMatchObject({ schedule, noise: 'comfyui' });
    expect(messages(text)).toMatch(note === '' ? /^$/ : note);
  });

  it('are ComfyUI’s only where no other program says that it painted', () => {
    expect(read(`${START}, Sampler: ipndm_v, Seed: 77`).recipe.noise).toBe('comfyui');
    for (const version of ['stable-diffusion.cpp master-377', 'KoboldCpp', 'v1.10.1'])
      expect(read(`${START}, Sampler: ipndm_v, Seed: 77, Version: ${version}`).recipe.noise).toBeUndefined();
  });
});

describe('keys', () => {
  it.each<[keys: string, Partial<Recipe>]>([
    [
      'HiRes upscale: 1.5, HiRes steps: 9, HiRes strength: 0.4, HiRes upscaler: Latent',
      { denoisingStrength: 0.4, hires: { upscale: 1.5, steps: 9, upscaler: 'Latent' } },
    ],
    [
      'Hires scale: 2, Hires strength: 0.3, Hires CFG scale: 4',
      { denoisingStrength: 0.3, hires: { upscale: 2, cfgScale: 4 } },
    ],
    ['hires_upscale: 2, hires_steps: 5', { hires: { upscale: 2, steps: 5 } }],
    ['Hi-Res Fix upscale: 2, Hi-Res Fix steps: 5', { hires: { upscale: 2, steps: 5 } }],
    [
      'Hires fixed: 960x1344, Hires upscaler: Latent',
      { hires: { resizeWidth: 960, resizeHeight: 1344, upscaler: 'Latent' } },
    ],
    ['Hires upscale: 2, Hires resize: 0x0', { hires: { upscale: 2 } }],
    ['Guidance: 3.5', { cfgScale: 5.5 }],
    ['Refiner: other, Refiner start: 0.8', { refiner: { checkpoint: 'other', switchAt: 0.8 } }],
    ['Sampler eta delta: 31337', { ensd: 31337 }],
    [
      'Lora_0 Model name: ink.safetensors, Lora_0 Model hash: 0123, Lora_0 Strength model: 0.8, Lora_0 Strength clip: 0.5',
      { loras: [{ name: 'ink', unet: 0.8, text: 0.5 }] },
    ],
    [
      'LoRA_1: ink, LoRA_1 strength: 0.8, LoRA_2: wash',
      {
        loras: [
          { name: 'ink', unet: 0.8, text: 0.8 },
          { name: 'wash', unet: 1, text: 1 },
        ],
      },
    ],
    ['LoRA 1: ink.safetensors : 0.8', { loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] }],
    [
      'Lora hashes: "ink: 0123456789", Lora weights: "ink: 0.8"',
      { loraHashes: { ink: '0123456789' }, loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'Hashes: {"model":"0123456789","lora:ink":"abcdef012345"}',
      { modelHash: '0123456789', loraHashes: { ink: 'abcdef012345' } },
    ],
  ])('%s', (keys, wanted) => {
    expect(read(`${PLAIN}, ${keys}`).recipe).toMatchObject({ sampler: 'dpmpp_2m', seed: 77, ...wanted });
  });

  it('of which the nearest to A1111’s own counts', () => {
    expect(read(`${START}, CFGScale: 5.5, Guidance: 3.5, Seed: 77, Sampler: Euler`).recipe.cfgScale).toBe(5.5);
    expect(read(`${START}, Guidance: 3.5, CFG: 5.5, Seed: 77, Sampler: Euler`).recipe.cfgScale).toBe(5.5);
  });

  it('of Tensor.Art say 0 where there was no picture', () => {
    expect(read(`${PLAIN}, KSampler: dpmpp_2m, Denoising strength: 0`).recipe.denoisingStrength).toBeUndefined();
    expect(read(`${PLAIN}, Denoising strength: 0`).recipe.denoisingStrength).toBe(0);
  });

  it('of ComfyUI’s savers have tags, which load nothing under its syntax, and a sentence says so', () => {
    const text = PLAIN.replace('bridge', 'bridge <lora:ink:0.8>');
    expect(messages(`${text}, Version: ComfyUI`)).toMatch(/none is applied: ink\./);
    expect(messages(text)).toBe('');
  });

  it('of ComfyUI’s savers say a denoise of 1 where there was no picture', () => {
    expect(read(`${PLAIN}, Denoising strength: 1.0, Version: ComfyUI`).recipe.denoisingStrength).toBeUndefined();
    expect(read(`${PLAIN}, Denoising strength: 1.0`).recipe.denoisingStrength).toBe(1);
    const masked = 'Mask blur: 4, Inpaint area: Only masked, Version: ComfyUI';
    expect(read(`${PLAIN}, Denoising strength: 1.0, ${masked}`).recipe.denoisingStrength).toBe(1);
  });

  it('does not tell LoRAs twice', () => {
    const text = PLAIN.replace('bridge', 'bridge <lora:ink:0.8>');
    expect(read(`${text}, LoRA_1: ink, LoRA_1 strength: 0.8`).recipe.loras).toBeUndefined();
  });

  it('reads the caption of Mochi Diffusion', () => {
    const text =
      'Include in Image: a stone bridge; Exclude from Image: mist; Model: orchard; Steps: 18; Guidance Scale: 5.5; Seed: 77; Size: 576x704; Scheduler: DPM-Solver++; Generator: Mochi Diffusion 5.2';
    const wanted = { prompt: 'a stone bridge', negativePrompt: 'mist', model: 'orchard', steps: 18, cfgScale: 5.5 };
    expect(read(text).recipe).toMatchObject({ ...wanted, seed: 77, width: 576, sampler: 'dpmpp_2m' });
  });
});

describe('what Forge has built in', () => {
  it('is carried over where all of it can be', () => {
    const keys = [
      'freeu_enabled: True, freeu_b1: 1.3, freeu_b2: 1.4, freeu_s1: 0.9, freeu_s2: 0.2, freeu_start: 0.0, freeu_end: 1.0',
      'sag_enabled: True, sag_scale: 0.5, sag_blur_sigma: 1.5, sag_threshold: 1.0',
      'pagi_enabled: True, pagi_scale: 3.0, pagi_attenuation: 0.0, pagi_start_step: 0.0, pagi_end_step: 1.0',
    ].join(', ');
    expect(read(`${PLAIN}, ${keys}`).recipe).toMatchObject({
      ...{ freeu: 'v2', freeuB1: 1.3, freeuB2: 1.4, freeuS1: 0.9, freeuS2: 0.2 },
      ...{ sagScale: 0.5, sagBlur: 1.5, pagScale: 3 },
    });
    expect(messages(`${PLAIN}, ${keys}`)).toBe('');
    expect(read(`${PLAIN}, ${keys}`).recipe.unknown, 'all is as it is here').toBeUndefined();
  });

  it('is switched on by our texts, and comes back from them as it was', () => {
    const recipe = { ...read(PLAIN).recipe, freeu: 'v2', freeuB2: 1.4, sagScale: 0.5, pagScale: 3 } as const;
    const text = writeInfotext(recipe);
    for (const pairs of [
      'pagi_scale: 3, pagi_enabled: True, pagi_attenuation: 0, pagi_start_step: 0, pagi_end_step: 1',
      'sag_scale: 0.5, sag_enabled: True, sag_threshold: 1, sag_blur_sigma: 2',
      'freeu_enabled: True, freeu_start: 0, freeu_end: 1, freeu_b1: 1.01, freeu_b2: 1.4, freeu_s1: 0.99, freeu_s2: 0.95',
    ])
      expect(text).toContain(pairs);
    expect(read(text).recipe).toEqual(recipe);
    expect(messages(text)).toBe(messages(PLAIN));
    const first = { ...recipe, freeu: 'v1', sagScale: undefined, pagScale: 0 } as const;
    expect(writeInfotext(first)).toMatch(/freeu_enabled: v1, freeu_b2: 1.4(?!.*freeu_)/);
    expect(writeInfotext(first)).not.toMatch(/sag_|pagi_/);
    expect(writeLink({ ...recipe, version: 'gesso-0.1.0' })).not.toMatch(/enabled|[?&]i=/);
  });

  it('stays what it was there where that is not done here', () => {
    const text = `${PLAIN}, pagi_scale: 3, pagi_enabled: True, pagi_end_step: 0.6`;
    const { recipe } = read(text);
    expect(recipe.unknown).toEqual({ pagi_end_step: '0.6' });
    expect(messages(writeInfotext(recipe))).toBe(messages(text));
  });

  it('is Kohya HRFix, which is Deep Shrink here', () => {
    const keys = [
      'kohya_hrfix_enabled: True, kohya_hrfix_block_number: 4, kohya_hrfix_downscale_factor: 1.5, kohya_hrfix_start_percent: 0.1',
      'kohya_hrfix_end_percent: 0.35, kohya_hrfix_downscale_after_skip: False, kohya_hrfix_downscale_method: nearest-exact',
      'kohya_hrfix_upscale_method: bicubic',
    ].join(', ');
    const { recipe } = read(`${PLAIN}, ${keys}`);
    const said = { shrinkBlock: 4, shrinkFactor: 1.5, shrinkStart: 0.1, shrinkKeepsSmall: true };
    expect(recipe).toMatchObject({ ...said, shrinkDown: 'nearest-exact' });
    expect([recipe.shrinkEnd, recipe.shrinkUp, recipe.unknown], 'as usual').toEqual([undefined, undefined, undefined]);
    expect(messages(`${PLAIN}, ${keys}`)).toBe('');
    const pairs = (text: string) => text.split(', ').filter((pair) => pair.startsWith('kohya_'));
    expect(pairs(writeInfotext(recipe)).sort()).toEqual(keys.split(', ').sort());
    expect(read(writeInfotext(recipe)).recipe).toEqual(recipe);
    expect(writeInfotext({ ...recipe, shrinkBlock: 0 })).not.toContain('kohya_hrfix_enabled');
    expect(read(`${PLAIN}, ${keys.replace('True', 'False')}`).recipe.shrinkBlock).toBeUndefined();
    const bislerp = `${PLAIN}, ${keys.replace('nearest-exact', 'bislerp')}`;
    expect(read(bislerp).recipe.shrinkDown).toBeUndefined();
    expect(messages(bislerp)).toBe(
      'kohya_hrfix_downscale_method must be one of Bicubic, Nearest exact, Bilinear, Area, not "bislerp".',
    );
  });

  it('is off where that is said', () => {
    const { recipe } = read(`${PLAIN}, freeu_enabled: False, freeu_b1: 1.3, sag_enabled: False, sag_scale: 0.5`);
    expect([recipe.freeu, recipe.sagScale]).toEqual([undefined, undefined]);
  });
});

describe('dynamic thresholding', () => {
  const A1111 = [
    ...['Dynamic thresholding enabled: True', 'Mimic scale: 7', 'Separate Feature Channels: True'],
    ...['Scaling Startpoint: MEAN', 'Variability Measure: AD', 'Interpolate Phi: 0.8', 'Threshold percentile: 99.9'],
  ].join(', ');
  const CHANGING =
    'Mimic mode: Half Cosine Up, Mimic scale minimum: 0, CFG mode: Power Down, CFG scale minimum: 3, Scheduler value: 4';
  const FORGE = [
    ...['dynthres_enabled: True', 'dynthres_mimic_scale: 5', 'dynthres_threshold_percentile: 1'],
    ...['dynthres_mimic_mode: Constant', 'dynthres_mimic_scale_min: 0', 'dynthres_cfg_mode: Linear Down'],
    ...['dynthres_cfg_scale_min: 3', 'dynthres_sched_val: 1', 'dynthres_separate_feature_channels: disable'],
    ...['dynthres_scaling_startpoint: ZERO', 'dynthres_variability_measure: STD', 'dynthres_interpolate_phi: 1'],
  ].join(', ');
  const own = (text: string): string[] =>
    text
      .split(', ')
      .filter((pair) =>
        /dynthres|Dynamic|Mimic|CFG (?:mode|scale m)|Scheduler v|Separate|Scaling|Variab|Phi|Threshold/.test(pair),
      );

  it.each([A1111, `${A1111}, ${CHANGING}`, FORGE])('is read and written as its program does: %s', (keys) => {
    const { recipe } = read(`${PLAIN}, ${keys}`);
    expect(messages(`${PLAIN}, ${keys}`)).toBe('');
    const text = writeInfotext(recipe);
    expect(own(text).sort()).toEqual(own(keys).sort());
    expect(read(text).recipe).toEqual(recipe);
  });

  it('is read for what it is', () => {
    expect(read(`${PLAIN}, ${A1111}, ${CHANGING}`).recipe).toMatchObject({
      ...{ dynthres: 'steps', dynthresPercentile: 0.999, dynthresPhi: 0.8, dynthresValue: 4 },
      ...{ dynthresMimicMode: 'half_cosine_up', dynthresCfgMode: 'power_down', dynthresCfgMin: 3 },
    });
    expect(read(`${PLAIN}, ${FORGE}`).recipe).toMatchObject({
      ...{ dynthres: 'levels', dynthresMimicScale: 5, dynthresSeparate: false, dynthresStart: 'zero' },
      ...{ dynthresMeasure: 'std', dynthresCfgMode: 'linear_down', dynthresCfgMin: 3 },
    });
  });

  it('of reForge’s simple mode takes all channels together', () => {
    const simple = 'dynthres_enabled: True, dynthres_simple_mode: True, dynthres_mimic_scale: 6';
    const { recipe } = read(`${PLAIN}, ${simple}`);
    expect(recipe).toMatchObject({ dynthres: 'levels', dynthresSeparate: false, dynthresMimicScale: 6 });
    expect(messages(`${PLAIN}, ${simple}`)).toBe('');
    expect(read(`${PLAIN}, ${FORGE}, dynthres_simple_mode: False`).recipe).toEqual(read(`${PLAIN}, ${FORGE}`).recipe);
  });

  it('is off where that is said, and nothing of it is written', () => {
    const off = read(`${PLAIN}, ${FORGE.replace('True', 'False')}`).recipe;
    expect(off.dynthres).toBeUndefined();
    expect(own(writeInfotext(read(PLAIN).recipe))).toEqual([]);
  });
});

describe('what extensions did', () => {
  it.each([
    ['ADetailer model: face_yolov8n.pt, ADetailer prompt: "a kind, old face"', 'ADetailer'],
    ['freeu_enabled: True, freeu_b1: 1.3, freeu_end: 0.5', 'FreeU'],
    ['pagi_enabled: True, pagi_scale: 3, pagi_attenuation: 20', 'Perturbed-Attention Guidance'],
    ['pagi_enabled: True, pagi_scale: 3, pagi_start_step: 0.15', 'Perturbed-Attention Guidance'],
    ['pagi_enabled: True, pagi_scale: 3, pagi_end_step: 0.6', 'Perturbed-Attention Guidance'],
    ['sag_enabled: True, sag_scale: 0.5, sag_threshold: 0.5', 'Self-Attention Guidance'],
    ['FreeU Stages: "[{}]", FreeU Version: 2', 'FreeU'],
    ['Hypertile U-Net: True', 'HyperTile'],
    ['RP Active: True, RP Ratios: "1,1"', 'Regional Prompter'],
    ['pag_enabled: True, pag_adaptive: 3', 'Perturbed-Attention Guidance'],
    ['Ultimate SD upscale tile_width: 512', 'Ultimate SD upscale'],
    ['dynthres_enabled: True, dynthres_experiment_mode: 3', 'Dynamic Thresholding'],
    ['Cutoff enabled: True', 'Cutoff'],
    ['CFG end: 0.8', 'the steps in which guidance acts'],
    ['Postprocess upscale by: 4', 'what was done to the picture afterwards'],
  ])('%s', (keys, name) => {
    expect(messages(`${PLAIN}, ${keys}`)).toBe(`It was made with what is not carried over: ${name}.`);
  });

  it('is nothing where they were off', () => {
    for (const keys of [
      'pagi_enabled: False, pagi_scale: 3, pagi_end_step: 0.6',
      'freeu_enabled: False, freeu_b1: 1.3',
      'RP Active: False, RP Ratios: "1,1"',
      'pag_scale: 0',
    ])
      expect(messages(`${PLAIN}, ${keys}`)).toBe('');
  });

  it('is named for the resources of Civitai that no tag has', () => {
    const resources =
      'Civitai resources: [{"type":"checkpoint","modelVersionId":1,"modelName":"Orchard"},{"type":"lora","weight":0.8,"modelVersionId":2,"modelName":"Ink","modelVersionName":"v3"},{"air":"urn:air:sdxl:embedding:civitai:4@5"}]';
    expect(messages(`${PLAIN}, ${resources}`)).toBe(
      "Civitai's LoRA Ink (v3) with weight 0.8 is not carried over.\nCivitai's embedding number urn:air:sdxl:embedding:civitai:4@5 with weight 1 is not carried over.",
    );
    expect(messages(`${PLAIN.replace('bridge', 'bridge <lora:ink:1>')}, ${resources}`)).not.toContain('Ink');
  });
});

describe('Loopback of A1111', () => {
  it('is one round, which is told, with its own strength and seed', () => {
    const text =
      'a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 12, Size: 512x512, Denoising strength: 0.6, Final denoising strength: 0.5, Denoising curve: Linear';
    const found = readTextRecipe(text);
    expect(found?.recipe).toMatchObject({ seed: 12, denoisingStrength: 0.6 });
    expect(found?.notes.map(({ message }) => message).join(' ')).toMatch(/one round of Loopback/);
    expect(
      readTextRecipe(text.replace(/, Final.*/, ''))
        ?.notes.map(({ message }) => message)
        .join(' '),
    ).not.toMatch(/Loopback/);
  });
});
