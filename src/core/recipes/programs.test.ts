/** JSON as programs write it; the contents are made up. Each names its program. */
import { describe, expect, it } from 'vitest';
import { SAID, SIZE, API, INVOKE, SWARM, HORDE, FOOOCUS, read, notesOf } from './testing/program-json';

describe('JSON of programs', () => {
  it.each<[string, unknown, object]>([
    ['SwarmUI', { sui_image_params: SWARM }, { noise: 'comfyui' }],
    [
      'SwarmUI with numbers as texts',
      { sui_image_params: { ...SWARM, seed: '77', steps: '18', cfgscale: '5.5', width: '576', height: '704' } },
      {},
    ],
    [
      'SwarmUI with more',
      {
        sui_image_params: {
          ...SWARM,
          clipstopatlayer: -2,
          variationseed: 3,
          variationseedstrength: 0.2,
          vae: 'ft-mse',
          loras: ['moss'],
          loraweights: ['0.6'],
        },
      },
      {
        clipSkip: 2,
        variationSeed: 3,
        variationStrength: 0.2,
        vae: 'ft-mse',
        loras: [{ name: 'moss', unet: 0.6, text: 0.6 }],
      },
    ],
    [
      'SwarmUI of old',
      {
        sui_image_params: {
          ...SWARM,
          sampler: undefined,
          scheduler: undefined,
          comfyuisampler: 'dpmpp_2m',
          comfyuischeduler: 'karras',
        },
      },
      {},
    ],
    ['InvokeAI', INVOKE, { model: 'orchard', noise: 'cpu' }],
    ['InvokeAI with a skipped layer', { ...INVOKE, clip_skip: 1 }, { clipSkip: 2 }],
    [
      'InvokeAI 5 with a LoRA',
      { ...INVOKE, loras: [{ model: { name: 'moss', type: 'lora' }, weight: 0.6 }] },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'InvokeAI 3 with a LoRA',
      { ...INVOKE, model: { model_name: 'orchard' }, loras: [{ lora: { model_name: 'moss' }, weight: 0.6 }] },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'InvokeAI from a picture',
      { ...INVOKE, generation_mode: 'img2img', strength: 0.6, init_image: 'a.png' },
      { denoisingStrength: 0.6 },
    ],
    ['Fooocus', FOOOCUS, { model: 'orchard' }],
    [
      'Fooocus with LoRAs',
      { ...FOOOCUS, loras: [['moss', 0.6, 'abc']], lora_combined_1: 'moss : 0.6' },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Fooocus’ log',
      {
        Prompt: 'a stone bridge',
        'Negative Prompt': 'mist',
        Steps: 18,
        Resolution: '(576, 704)',
        'Guidance Scale': 5.5,
        Sharpness: 2,
        'Base Model': 'orchard.safetensors',
        Sampler: 'dpmpp_2m',
        Scheduler: 'karras',
        Seed: '77',
        'LoRA 1': 'moss.safetensors : 0.6',
        Version: 'Fooocus v2.5.5',
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'RuinedFooocus',
      {
        Prompt: 'a stone bridge',
        Negative: 'mist',
        steps: 18,
        cfg: 5.5,
        ...SIZE,
        seed: 77,
        sampler_name: 'dpmpp_2m',
        scheduler: 'karras',
        base_model_name: 'orchard.safetensors',
        loras: [['', 'moss - 0.6']],
        clip_skip: 1,
        software: 'RuinedFooocus',
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Easy Diffusion',
      {
        prompt: 'a stone bridge',
        negative_prompt: 'mist',
        num_inference_steps: 18,
        guidance_scale: 5.5,
        seed: 77,
        ...SIZE,
        sampler_name: 'dpmpp_2m',
        scheduler_name: 'karras',
        use_stable_diffusion_model: 'models/stable-diffusion/orchard',
        clip_skip: true,
        use_lora_model: ['moss'],
        lora_alpha: [0.6],
      },
      { model: 'orchard', clipSkip: 2, loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Draw Things',
      {
        c: 'a stone bridge',
        uc: 'mist',
        model: 'orchard.ckpt',
        sampler: 'DPM++ 2M Karras',
        scale: 5.5,
        seed: 77,
        size: '576x704',
        steps: 18,
        strength: 1,
        seed_mode: 'Scale Alike',
      },
      { model: 'orchard' },
    ],
    [
      'Draw Things with a LoRA',
      {
        c: 'a stone bridge',
        uc: 'mist',
        sampler: 'DPM++ 2M Karras',
        scale: 5.5,
        seed: 77,
        size: '576x704',
        steps: 18,
        lora: [{ model: 'moss.ckpt', weight: 0.6 }],
        strength: 0.7,
      },
      { denoisingStrength: 0.7, loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Tensor.Art',
      {
        prompt: 'a stone bridge',
        negativePrompt: 'mist',
        ...SIZE,
        samplerName: 'dpmpp_2m',
        scheduler: 'karras',
        steps: 18,
        cfgScale: 5.5,
        seed: '77',
        baseModel: { modelFileName: 'orchard' },
        models: [{ type: 'LORA', modelFileName: 'moss', weight: 0.6 }],
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    ['AI Horde', HORDE, { model: 'orchard' }],
    [
      'AI Horde with a LoRA',
      { ...HORDE, params: { ...HORDE.params, loras: [{ name: 'moss', model: 0.6, clip: 0.5 }] } },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.5 }] },
    ],
    [
      'A1111’s API with a title',
      {
        ...API,
        override_settings: { sd_model_checkpoint: 'orchard.safetensors [0123456789]', CLIP_stop_at_last_layers: 2 },
      },
      { model: 'orchard', modelHash: '0123456789', clipSkip: 2 },
    ],
    [
      'NovelAI',
      {
        prompt: 'a stone bridge',
        uc: 'mist',
        steps: 18,
        sampler: 'k_dpmpp_2m',
        noise_schedule: 'karras',
        scale: 5.5,
        seed: 77,
        ...SIZE,
        cfg_rescale: 0.2,
      },
      { cfgRescale: 0.2, ensd: 31337 },
    ],
  ])('%s', (_, json, wanted) => {
    expect(read(json).recipe).toMatchObject({ ...SAID, ...wanted });
  });

  it.each<[string, unknown, RegExp]>([
    ['NovelAI’s own sampler', { prompt: 'a', uc: '', steps: 9, sampler: 'ddim_v3', scale: 5, seed: 1 }, /ddim_v3/],
    ['a sampler that nobody knows', { prompt: 'a', uc: '', steps: 9, sampler: 'k_foo', scale: 5, seed: 1 }, /k_foo/],
    [
      'NovelAI’s characters',
      {
        prompt: 'a',
        uc: '',
        steps: 9,
        sampler: 'k_euler',
        scale: 5,
        v4_prompt: { caption: { base_caption: 'a', char_captions: [{ char_caption: 'a miller' }] } },
      },
      /single characters.*"a miller"/,
    ],
    ['NovelAI’s SMEA', { prompt: 'a', uc: '', steps: 9, sampler: 'k_euler', scale: 5, sm: true }, /SMEA/],
    ['InvokeAI’s inpainting', { ...INVOKE, generation_mode: 'inpaint' }, /made from another picture/],
    [
      'InvokeAI’s ControlNet',
      { ...INVOKE, controlnets: [{ image: 'x' }] },
      /Not carried over from InvokeAI: controlnets/,
    ],
    ['Fooocus’ styles', { ...FOOOCUS, styles: "['Fooocus V2', 'Oil']" }, /styles Fooocus V2, Oil/],
    [
      'SwarmUI’s refiner',
      {
        sui_image_params: { ...SWARM, refinermethod: 'PostApply', refinercontrolpercentage: 0.3, refinerupscale: 1.5 },
      },
      /refiner \(control 0\.3, upscale 1\.5/,
    ],
    ['AI Horde’s hires fix', { ...HORDE, params: { ...HORDE.params, hires_fix: true } }, /hires fix/],
    ['Draw Things’ sampler', { c: 'a', uc: '', sampler: 'Euler A Trailing', scale: 5, seed: 1, steps: 9 }, /Trailing/],
    ['a script of A1111', { ...API, script_name: 'x/y/z plot' }, /script_name/],
    ['styles of A1111', { ...API, styles: ['oil'] }, /styles/],
  ])('names %s', (_, json, note) => {
    expect(notesOf(json)).toMatch(note);
  });

  it('says nothing where nothing is missing', () => {
    for (const json of [API, INVOKE, HORDE, { sui_image_params: SWARM }, FOOOCUS]) expect(notesOf(json)).toBe('');
  });
});
