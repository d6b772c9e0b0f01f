/** JSON of programs, sites and servers beyond the known few, as each writes it; the contents are made up. */
import { describe, expect, it } from 'vitest';
import { notesOf, read, SIZE } from '../testing/program-json';

const TEXTS = { prompt: 'a stone bridge', negative_prompt: 'mist' };
const SAID = { prompt: 'a stone bridge', negativePrompt: 'mist' };
const ALL = { ...SAID, ...SIZE, steps: 18, cfgScale: 5.5, seed: 77 };
const API = { ...TEXTS, ...SIZE, steps: 18, cfg_scale: 5.5, seed: 77 };
const PIPELINE = { ...TEXTS, ...SIZE, num_inference_steps: 18, guidance_scale: 5.5 };
const CIVITAI = { ...SAID, ...SIZE, cfgScale: 5.5, steps: 18, sampler: 'Euler a', seed: 77 };

describe('is read', () => {
  it.each<[string, object, object]>([
    [
      'Fooocus’ API',
      {
        ...TEXTS,
        style_selections: ['Fooocus V2'],
        performance_selection: 'Speed',
        aspect_ratios_selection: '576*704',
        image_seed: 77,
        guidance_scale: 5.5,
        base_model_name: 'orchard.safetensors',
        loras: [
          { enabled: true, model_name: 'ink.safetensors', weight: 0.8 },
          { enabled: false, model_name: 'off.safetensors', weight: 1 },
        ],
        advanced_params: { sampler_name: 'dpmpp_2m_sde_gpu', scheduler_name: 'karras' },
      },
      {
        ...ALL,
        steps: 30,
        sampler: 'dpmpp_2m_sde',
        schedule: 'karras',
        model: 'orchard',
        loras: [{ name: 'ink', unet: 0.8, text: 0.8 }],
      },
    ],
    [
      'Draw Things’ configuration with the prompts beside it',
      { ...SAID, ...SIZE, guidanceScale: 5.5, sampler: 1, seed: 77, steps: 18, seedMode: 2, hiresFixStrength: 0.7 },
      { ...ALL, sampler: 'euler_ancestral', denoisingStrength: undefined },
    ],
    [
      'NovelAI’s fourth model without "uc"',
      {
        prompt: 'a stone bridge',
        ...SIZE,
        scale: 5.5,
        steps: 18,
        seed: 77,
        noise_schedule: 'karras',
        sampler: 'k_euler',
        v4_negative_prompt: { caption: { base_caption: 'mist', char_captions: [] } },
      },
      ALL,
    ],
    [
      'Replicate, the seed in its log',
      { input: { ...PIPELINE, scheduler: 'DDIM' }, logs: 'Using seed: 77\n' },
      { ...ALL, sampler: 'ddim', schedule: undefined },
    ],
    [
      'a pipeline of diffusers',
      {
        ...PIPELINE,
        _class_name: 'StableDiffusionPipeline',
        seed: 77,
        scheduler: { _class_name: 'DPMSolverMultistepScheduler', use_karras_sigmas: true },
        clip_skip: 1,
      },
      { ...ALL, sampler: 'dpmpp_2m', schedule: 'karras', clipSkip: 2 },
    ],
    [
      'a stochastic solver of diffusers',
      {
        ...PIPELINE,
        generator: { seed: 77 },
        output_type: 'pil',
        scheduler: { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'sde-dpmsolver++' },
      },
      { ...ALL, sampler: 'dpmpp_2m_sde' },
    ],
    ['getimg', { ...API, scheduler: 'dpmsolver++' }, { ...ALL, sampler: 'dpmpp_2m' }],
    [
      'AI Horde, a picture beside',
      {
        prompt: 'a stone bridge###mist',
        params: {
          ...SIZE,
          steps: 18,
          cfg_scale: 5.5,
          seed: '77',
          denoising_strength: 0.6,
          hires_fix_denoising_strength: 0.65,
        },
        source_image: 'abc',
      },
      { ...ALL, denoisingStrength: 0.6 },
    ],
    [
      'Tensor.Art’s stages',
      {
        stages: [
          {
            type: 'DIFFUSION',
            diffusion: {
              ...SIZE,
              prompts: [{ text: 'a stone bridge' }],
              negativePrompts: [{ text: 'mist' }],
              steps: 18,
              cfgScale: 5.5,
              seed: 77,
            },
          },
        ],
      },
      ALL,
    ],
    [
      'prompts with weights below 0',
      {
        prompts: [
          { prompt: 'a stone bridge', weight: 1 },
          { prompt: 'mist', weight: -1 },
        ],
        ...SIZE,
        steps: 18,
        cfg: 5.5,
        seed: 77,
      },
      ALL,
    ],
    [
      'groups of settings',
      {
        prompt: { positive: 'a stone bridge', negative: 'mist' },
        sampler: { steps: 18, cfgScale: 5.5, samplerName: 'dpmpp_2m', schedulerName: 'karras', seed: 77, denoise: 1 },
        size: SIZE,
      },
      { ...ALL, sampler: 'dpmpp_2m', schedule: 'karras', denoisingStrength: undefined },
    ],
    [
      'a sampler and a schedule beside "positive_prompt"',
      {
        ...API,
        prompt: undefined,
        positive_prompt: 'a stone bridge',
        sampler: 'dpmpp_2m',
        scheduler: 'karras',
        ckpt: 'orchard.safetensors',
      },
      { ...ALL, sampler: 'dpmpp_2m', schedule: 'karras', model: 'orchard' },
    ],
    [
      'what stable-diffusion.cpp’s server takes out of the prompt',
      {
        prompt: 'a stone bridge <sd_cpp_extra_args>{"seed":77,"sample_steps":18}</sd_cpp_extra_args>',
        size: '576x704',
      },
      { prompt: 'a stone bridge', seed: 77, steps: 18, width: 576 },
    ],
    [
      'ModelsLab’s LoRA',
      { ...PIPELINE, lora_model: 'ink', lora_strength: '0.8' },
      { loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'A1111’s request without a second pass',
      { ...API, sampler_name: 'Euler', enable_hr: false, denoising_strength: 0.7, subseed: 1, subseed_strength: 0 },
      { ...ALL, denoisingStrength: undefined, variationSeed: undefined },
    ],
    [
      'Civitai’s request with its files',
      {
        ...CIVITAI,
        baseModel: 'SDXL',
        aspectRatio: '2:3',
        resources: [{ id: 1, strength: 1, model: { name: 'Orchard', type: 'Checkpoint' } }],
      },
      { ...ALL, model: 'Orchard' },
    ],
  ])('%s', (_, json, wanted) => {
    const undefinedOnes = Object.entries(wanted).filter(([, value]) => value === undefined);
    expect({ ...Object.fromEntries(undefinedOnes), ...read(json).recipe }).toMatchObject(wanted);
  });
});

describe('is named', () => {
  it.each<[string, object, RegExp]>([
    [
      'a LoRA of Civitai’s request',
      { ...CIVITAI, resources: [{ id: 2, strength: 0.8, model: { name: 'Ink', type: 'LORA' } }] },
      /LoRA Ink with weight 0\.8/,
    ],
    [
      'a LoRA beside what Civitai’s picture says',
      { meta: CIVITAI, resources: [{ modelName: 'Ink', modelType: 'LORA', strength: 0.8 }] },
      /LoRA Ink with weight 0\.8/,
    ],
    ['a weight of all LoRAs', { ...PIPELINE, cross_attention_kwargs: { scale: 0.8 } }, /weighed by 0\.8/],
    [
      'Fooocus’ styles',
      { ...TEXTS, style_selections: ['Fooocus V2'], performance_selection: 'Speed', image_seed: 7 },
      /styles Fooocus V2/,
    ],
  ])('%s', (_, json, note) => {
    expect(notesOf(json)).toMatch(note);
  });

  it('only what is missing', () => {
    expect(notesOf({ ...PIPELINE, output_type: 'pil', num_images_per_prompt: 1, return_dict: true })).toBe('');
  });
});

describe('infotexts of SD.Next', () => {
  it('have diffusers’ class beside the sampler, and the schedule among its options', () => {
    const text =
      'a stone bridge\nSteps: 18, Sampler: DPM++ 2M, Scheduler: DPMSolverMultistepScheduler, Seed: 77, Sampler options: karras, App: SD.Next';
    expect(read(text)).toMatchObject({ recipe: { sampler: 'dpmpp_2m', schedule: 'karras' }, notes: [] });
  });

  it('of Civitai name the checkpoint among the resources', () => {
    const text =
      'a stone bridge\nSteps: 18, Sampler: Euler a, Seed: 77, Civitai resources: [{"type":"checkpoint","modelVersionId":1,"modelName":"Orchard"}]';
    expect(read(text).recipe.model).toBe('Orchard');
  });
});
