/** JSON of servers, sites and people: in shapes that nobody documents, and by hand. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '.';
import { API, notesOf, read, SAID, SIZE } from './testing/program-json';

const PLAIN = { prompt: 'a stone bridge', negative_prompt: 'mist', seed: 77, ...SIZE };
const WANTED = { ...SAID };

describe('JSON of servers and sites', () => {
  it.each<[string, unknown, object]>([
    [
      'stable-diffusion.cpp’s server',
      {
        ...PLAIN,
        sample_params: { sample_method: 'dpm++2m', scheduler: 'karras', sample_steps: 18, guidance: { txt_cfg: 5.5 } },
      },
      {},
    ],
    [
      'diffusers',
      {
        ...PLAIN,
        num_inference_steps: 18,
        guidance_scale: 5.5,
        scheduler: 'DPMSolverMultistepScheduler',
        use_karras_sigmas: true,
      },
      {},
    ],
    [
      'diffusers with a seed of its own name',
      {
        ...PLAIN,
        seed: undefined,
        generator_seed: 77,
        num_inference_steps: 18,
        guidance_scale: 5.5,
        sampler: 'DPM++ 2M Karras',
      },
      {},
    ],
    [
      'Replicate',
      { input: { ...PLAIN, scheduler: 'K_EULER_ANCESTRAL', num_inference_steps: 18, guidance_scale: 5.5 } },
      { sampler: 'euler_ancestral', schedule: undefined },
    ],
    [
      'Stability',
      {
        ...SIZE,
        text_prompts: [
          { text: 'a stone bridge', weight: 1 },
          { text: 'mist', weight: -1 },
        ],
        cfg_scale: 5.5,
        steps: 18,
        seed: 77,
        sampler: 'K_DPMPP_2M',
      },
      { schedule: undefined },
    ],
    [
      'PixAI',
      {
        ...SIZE,
        prompts: 'a stone bridge',
        negativePrompts: 'mist',
        samplingSteps: 18,
        samplingMethod: 'DPM++ 2M Karras',
        cfgScale: 5.5,
        seed: '77',
        lora: { 456: 0.8 },
      },
      { loras: [{ name: '456', unet: 0.8, text: 0.8 }] },
    ],
    [
      'SeaArt',
      {
        ...PLAIN,
        steps: 18,
        cfg_scale: 5.5,
        sampler_name: 'DPM++ 2M Karras',
        art_model_name: 'orchard',
        lora_models: [{ name: 'ink', weight: 0.8 }],
      },
      { model: 'orchard', loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'DiffusionBee',
      {
        prompt: 'a stone bridge',
        negative_prompt: 'mist',
        seed: 77,
        img_width: 576,
        img_height: 704,
        ddim_steps: 18,
        guidance_scale: 5.5,
        sampler: 'DPM++ 2M Karras',
      },
      {},
    ],
    [
      'mflux',
      {
        ...PLAIN,
        steps: 18,
        guidance: 5.5,
        sampler: 'dpmpp_2m',
        scheduler: 'karras',
        lora_paths: ['/x/ink.safetensors'],
        lora_scales: [0.8],
      },
      { loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'Civitai’s orchestrator',
      {
        $type: 'textToImage',
        input: {
          model: 'urn:air:x',
          params: {
            ...PLAIN,
            negative_prompt: undefined,
            negativePrompt: 'mist',
            scheduler: 'DPM2MKarras',
            steps: 18,
            cfgScale: 5.5,
          },
        },
      },
      {},
    ],
    [
      'Civitai’s reading of a graph',
      {
        ...SIZE,
        prompt: 'a stone bridge',
        negativePrompt: 'mist',
        cfgScale: 5.5,
        steps: 18,
        sampler: 'dpmpp_2m',
        scheduler: 'karras',
        seed: 77,
        denoise: 1,
        models: ['orchard.safetensors'],
        upscalers: [],
        vaes: [],
        versionIds: [],
        additionalResources: [{ name: 'ink.safetensors', type: 'lora', strength: 0.8, strengthClip: 1 }],
      },
      { model: 'orchard', noise: 'comfyui', loras: [{ name: 'ink', unet: 0.8, text: 1 }] },
    ],
    [
      'Civitai’s picture of A1111',
      {
        items: [
          {
            id: 1,
            meta: {
              ...SIZE,
              prompt: 'a stone bridge',
              negativePrompt: 'mist',
              steps: 18,
              sampler: 'DPM++ 2M Karras',
              cfgScale: 5.5,
              seed: 77,
              Model: 'orchard',
              hashes: { model: '0123456789' },
              resources: [
                { name: 'ink', type: 'lora', weight: 0.8 },
                { name: 'orchard', type: 'model' },
              ],
            },
          },
        ],
      },
      { model: 'orchard', modelHash: '0123456789', loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'Civitai’s generator',
      {
        ...SIZE,
        prompt: 'a stone bridge',
        negativePrompt: 'mist',
        cfgScale: 5.5,
        steps: 18,
        sampler: 'DPM++ 2M Karras',
        seed: 77,
        baseModel: 'Some Family',
        workflow: 'txt2img',
        quantity: 2,
        civitaiResources: [],
      },
      { model: undefined },
    ],
    [
      'Draw Things’ configuration',
      {
        ...SIZE,
        prompt: 'a stone bridge',
        negativePrompt: 'mist',
        steps: 18,
        guidanceScale: 5.5,
        seed: 77,
        sampler: 0,
        seedMode: 1,
        tiledDecoding: false,
        batchCount: 1,
        maskBlur: 1.5,
        strength: 1,
      },
      { noise: 'cpu' },
    ],
    [
      'A1111’s API with its parts as scripts',
      {
        ...API,
        seed: -1,
        steps: undefined,
        alwayson_scripts: {
          Seed: { args: [77, true, 5, 0.25, 0, 0] },
          Sampler: { args: [18, 'DPM++ 2M', 'Karras'] },
          Refiner: { args: [true, 'other', 0.8] },
        },
      },
      { variationSeed: 5, variationStrength: 0.25, refiner: { checkpoint: 'other', switchAt: 0.8 } },
    ],
    [
      'A1111’s API with a second pass to a size',
      { ...API, enable_hr: true, hr_resize_x: 960, hr_resize_y: 1344, hr_upscaler: 'Latent' },
      { hires: { resizeWidth: 960, resizeHeight: 1344, upscaler: 'Latent' } },
    ],
    [
      'A1111’s API with a mask',
      {
        ...API,
        init_images: ['data:,'],
        mask: 'data:,',
        denoising_strength: 0.5,
        resize_mode: 1,
        inpainting_fill: 2,
        inpaint_full_res: true,
        inpaint_full_res_padding: 48,
        mask_blur: 6,
        inpainting_mask_invert: 1,
      },
      {
        denoisingStrength: 0.5,
        maskBlur: 6,
        maskedContent: 'latent_noise',
        inpaintArea: 'masked',
        maskedPadding: 48,
        invertMask: true,
      },
    ],
  ])('%s', (_, json, more) => {
    const { recipe } = read(json);
    const wanted: Record<string, unknown> = { ...WANTED, ...more };
    for (const [key, value] of Object.entries(wanted)) expect(recipe[key as keyof typeof recipe], key).toEqual(value);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'extensions that are on',
      {
        ...API,
        alwayson_scripts: {
          ADetailer: { args: [true, false, { ad_model: 'x' }] },
          'Tiled VAE': { args: [false, 960] },
        },
      },
      /Not carried over of alwayson_scripts: ADetailer\.$/,
    ],
    [
      'ControlNet',
      { ...API, alwayson_scripts: { controlnet: { args: [{ enabled: true, module: 'canny' }] } } },
      /Not carried over of alwayson_scripts: controlnet\.$/,
    ],
    [
      'a script',
      { ...API, script_name: 'x/y/z plot', script_args: [1] },
      /The script "x\/y\/z plot" \(script_name\) is not/,
    ],
    ...[
      ['Loopback', /Start from this picture/],
      ["Poor man's outpainting", /is not carried over\. Extend gives a picture more room/],
      ['Outpainting mk2', /is not carried over\. Extend gives a picture more room/],
      ['SD upscale', /Upscale tile by tile/],
    ].map(([name, note]): [string, unknown, RegExp] => [
      `the script ${String(name)}`,
      { ...API, script_name: name, script_args: [128] },
      note as RegExp,
    ]),
    [
      'LoRAs by number',
      { ...PLAIN, steps: 18, civitaiResources: [{ type: 'lora', weight: 0.8, modelVersionId: 2, modelName: 'Ink' }] },
      /LoRA Ink with weight 0.8/,
    ],
    [
      'networks of an orchestrator',
      { input: { params: { ...PLAIN, steps: 18 }, additionalNetworks: { 'urn:x': { strength: 0.8 } } } },
      /additionalNetworks/,
    ],
    [
      'NovelAI’s emphasis',
      { prompt: '1.2::calm::, {{sea}}', uc: '', sampler: 'k_euler', scale: 5, steps: 28, seed: 1 },
      /NovelAI's emphasis/,
    ],
    [
      'SwarmUI’s parts of a prompt',
      { sui_image_params: { prompt: 'a bridge <segment:face> kind eyes', steps: 18, swarm_version: '1' } },
      /From "<segment:face>" on/,
    ],
  ])('names %s', (_, json, note) => {
    expect(notesOf(json)).toMatch(note);
  });

  it('says nothing of extensions that are off', () => {
    const off = { ADetailer: { args: [false] }, 'Soft Inpainting': { args: [false, 1, 0.5] }, Comments: { args: [] } };
    expect(notesOf({ ...API, alwayson_scripts: off, script_name: null, script_args: [], override_settings: {} })).toBe(
      '',
    );
  });

  it('takes SwarmUI’s own sampler where none was asked for', () => {
    const { recipe } = read({ sui_image_params: { prompt: 'a <segment:x> b', steps: 18, swarm_version: '1' } });
    expect(recipe).toMatchObject({ prompt: 'a', sampler: 'euler', schedule: 'normal' });
  });
});

describe('JSON of people', () => {
  const wanted = { prompt: 'a stone bridge', steps: 18, seed: 77 };
  it.each([
    ['with a comma at the end', '{"prompt": "a stone bridge", "steps": 18, "seed": 77,}'],
    ['with comments', '{\n  // mine\n  "prompt": "a stone bridge", /* few */ "steps": 18, "seed": 77\n}'],
    ['with bare keys', "{prompt: 'a stone bridge', steps: 18, seed: 77}"],
    ['an object a line', '{"prompt":"a stone bridge","steps":18,"seed":77}\n{"prompt":"another"}\n'],
    ['in a fence', '```json\n{"prompt":"a stone bridge","steps":18,"seed":77}\n```'],
    [
      'in a command',
      `curl -X POST http://127.0.0.1:7860/sdapi/v1/txt2img -d '{"prompt":"a stone bridge","steps":18,"seed":77}'`,
    ],
    [
      'in a command that escapes',
      'curl -d "{\\"prompt\\":\\"a stone bridge\\",\\"steps\\":18,\\"seed\\":77}" http://x',
    ],
    ['in a sentence', 'Try this: {"prompt":"a stone bridge","steps":18,"seed":77} and tell me!'],
  ])('%s', (_, text) => {
    expect(readTextRecipe(text).recipe).toMatchObject(wanted);
  });

  it.each([
    './sd -m ../models/orchard.safetensors -p "a stone bridge" -n "mist" --steps 18 --cfg-scale 5.5 -s 77 -W 576 -H 704 --sampling-method dpm++2m --schedule karras',
    'python scripts/txt2img.py --prompt "a stone bridge" --negative_prompt mist --ddim_steps 18 --scale 5.5 --seed 77 --W 576 --H 704 --sampler dpmpp_2m --scheduler=karras --ckpt orchard.ckpt',
    "sd-cli -p 'a stone bridge' \\\n  -n 'mist' --steps 18 --cfg-scale 5.5 \\\n  -s 77 -W 576 -H 704 --sampling-method dpm++2m --scheduler karras -m orchard.safetensors",
  ])('the command %s', (text) => {
    const { recipe, notes } = readTextRecipe(text);
    expect(recipe).toMatchObject({ ...WANTED, model: 'orchard' });
    expect(notes).toEqual([]);
  });

  it('names what a command has besides', () => {
    const { notes } = readTextRecipe('sd -p "a cat" --steps 8 -s 7 --control-net x.safetensors -o out.png');
    expect(notes.map(({ message }) => message)).toEqual([
      'Of this command these are not carried over: control_net x.safetensors.',
    ]);
  });

  it.each(['a cat -p with a hat', 'use {curly} "quotes" and {"a": 1} here', '{a|b} cat, -p'])(
    'leaves %j a prompt',
    (text) => {
      expect(readTextRecipe(text).recipe).toEqual({ prompt: text, negativePrompt: '' });
    },
  );
});
