/** Graphs as ComfyUI's examples have them (script_examples/basic_api_example.py; hires fix, refiner and custom sampling pages). */
import { describe, expect, it } from 'vitest';
import { readComfyRecipe } from '.';
import { readPythonJson } from './read-json';

type Inputs = Record<string, unknown>;
const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });
const graph = (nodes: Record<string, unknown>) => ({ prompt: JSON.stringify(nodes) });

const BASIC = {
  '3': node('KSampler', {
    cfg: 8,
    denoise: 1,
    latent_image: ['5', 0],
    model: ['4', 0],
    negative: ['7', 0],
    positive: ['6', 0],
    sampler_name: 'euler',
    scheduler: 'normal',
    seed: 8566257,
    steps: 20,
  }),
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'sub\\v1-5-pruned-emaonly.safetensors' }),
  '5': node('EmptyLatentImage', { batch_size: 1, height: 768, width: 512 }),
  '6': node('CLIPTextEncode', { clip: ['4', 1], text: 'masterpiece best quality girl' }),
  '7': node('CLIPTextEncode', { clip: ['4', 1], text: 'bad hands' }),
  '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
  '9': node('SaveImage', { filename_prefix: 'ComfyUI', images: ['8', 0] }),
};

const RULES = { noise: 'comfyui', dialect: 'comfyui', conventions: 'comfyui' };
const BASIC_RECIPE = {
  prompt: 'masterpiece best quality girl',
  negativePrompt: 'bad hands',
  steps: 20,
  cfgScale: 8,
  seed: 8566257,
  sampler: 'euler',
  schedule: 'normal',
  model: 'v1-5-pruned-emaonly',
  width: 512,
  height: 768,
  ...RULES,
};

describe('readComfyRecipe', () => {
  it('reads the graph that ran', () => {
    expect(readComfyRecipe(graph(BASIC))).toEqual({ recipe: BASIC_RECIPE, notes: [] });
  });

  it('keeps every digit of a seed', () => {
    const prompt = graph(BASIC).prompt.replace('8566257', '18446744073709551615');
    expect(readComfyRecipe({ prompt })?.recipe.seed).toBe('18446744073709551615');
  });

  it('follows LoRAs, clip skip, another VAE, reroutes and primitives', () => {
    const found = readComfyRecipe(
      graph({
        ...BASIC,
        '3': node('KSampler', {
          ...BASIC['3'].inputs,
          model: ['11', 0],
          seed: ['14', 0],
          scheduler: 'beta',
          sampler_name: 'dpmpp_2m_sde_gpu',
        }),
        '6': node('CLIPTextEncode', { clip: ['12', 0], text: ['15', 0] }),
        '8': node('VAEDecode', { samples: ['3', 0], vae: ['13', 0] }),
        '10': node('LoraLoader', {
          lora_name: 'a/first.safetensors',
          strength_model: 0.8,
          strength_clip: 0.5,
          model: ['4', 0],
          clip: ['4', 1],
        }),
        '11': node('LoraLoaderModelOnly', { lora_name: 'second.safetensors', strength_model: 1, model: ['10', 0] }),
        '12': node('CLIPSetLastLayer', { stop_at_clip_layer: -2, clip: ['16', 0] }),
        '13': node('VAELoader', { vae_name: 'vae-ft-mse-840000.safetensors' }),
        '14': node('PrimitiveInt', { value: 99 }),
        '15': node('StringConcatenate', { string_a: 'a cat', string_b: ['17', 0], delimiter: ', ' }),
        '16': node('Reroute', { '': ['10', 1] }),
        '17': node('PrimitiveString', { value: 'a hat' }),
      }),
    );
    expect(found?.recipe).toEqual({
      ...BASIC_RECIPE,
      prompt: 'a cat, a hat',
      seed: 99,
      sampler: 'dpmpp_2m_sde',
      schedule: 'beta_comfy',
      clipSkip: 2,
      vae: 'vae-ft-mse-840000',
      loras: [
        { name: 'first', unet: 0.8, text: 0.5 },
        { name: 'second', unet: 1, text: 0 },
      ],
    });
    expect(found?.notes.map(({ key }) => key)).toEqual(['Sampler']);
  });

  it('takes a second pass for hires fix', () => {
    const found = readComfyRecipe(
      graph({
        ...BASIC,
        '8': node('VAEDecode', { samples: ['11', 0], vae: ['4', 2] }),
        '10': node('LatentUpscaleBy', { upscale_method: 'nearest-exact', scale_by: 1.5, samples: ['3', 0] }),
        '11': node('KSampler', {
          ...BASIC['3'].inputs,
          latent_image: ['10', 0],
          denoise: 0.5,
          steps: 14,
          sampler_name: 'dpmpp_2m',
        }),
      }),
    );
    expect(found).toEqual({
      recipe: {
        ...BASIC_RECIPE,
        denoisingStrength: 0.5,
        hires: { upscale: 1.5, steps: 14, upscaler: 'Latent (nearest-exact)', sampler: 'DPM++ 2M' },
      },
      notes: [],
    });
  });

  it('takes a second model that goes on with the steps for the refiner', () => {
    const advanced = (more: Inputs) => {
      const { cfg, sampler_name, scheduler, steps, seed, ...rest } = BASIC['3'].inputs;
      return node('KSamplerAdvanced', { ...rest, cfg, sampler_name, scheduler, steps, noise_seed: seed, ...more });
    };
    const found = readComfyRecipe(
      graph({
        ...BASIC,
        '3': advanced({ add_noise: 'enable', start_at_step: 0, end_at_step: 16, return_with_leftover_noise: 'enable' }),
        '8': node('VAEDecode', { samples: ['11', 0], vae: ['4', 2] }),
        '11': advanced({
          add_noise: 'disable',
          start_at_step: 16,
          end_at_step: 10000,
          model: ['12', 0],
          latent_image: ['3', 0],
        }),
        '12': node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_refiner_1.0.safetensors' }),
      }),
    );
    expect(found).toEqual({
      recipe: { ...BASIC_RECIPE, refiner: { checkpoint: 'sd_xl_refiner_1.0', switchAt: 0.8, bySteps: true } },
      notes: [],
    });
  });

  it('reads custom sampling with its parts in nodes', () => {
    const found = readComfyRecipe(
      graph({
        ...BASIC,
        '3': node('SamplerCustomAdvanced', {
          noise: ['20', 0],
          guider: ['21', 0],
          sampler: ['22', 0],
          sigmas: ['23', 0],
          latent_image: ['5', 0],
        }),
        '20': node('RandomNoise', { noise_seed: 5 }),
        '21': node('CFGGuider', { model: ['24', 0], positive: ['6', 0], negative: ['7', 0], cfg: 4.5 }),
        '22': node('SamplerEulerAncestral', { eta: 0.5, s_noise: 1 }),
        '23': node('KarrasScheduler', { steps: 12, sigma_max: 14.6, sigma_min: 0.03, rho: 7 }),
        '24': node('RescaleCFG', { model: ['25', 0], multiplier: 0.7 }),
        '25': node('ModelSamplingDiscrete', { model: ['26', 0], sampling: 'v_prediction', zsnr: true }),
        '26': node('TiledDiffusion', {
          ...{ model: ['4', 0], method: 'MultiDiffusion', tile_width: 512, tile_height: 1024 },
          ...{ tile_overlap: 64, tile_batch_size: 4 },
        }),
      }),
    );
    expect(found?.recipe).toEqual({
      ...BASIC_RECIPE,
      seed: 5,
      cfgScale: 4.5,
      sampler: 'euler_ancestral',
      eta: 0.5,
      sNoise: 1,
      schedule: 'karras',
      steps: 12,
      sigmaMax: 14.6,
      sigmaMin: 0.03,
      rho: 7,
      cfgRescale: 0.7,
      zeroTerminalSnr: true,
      ...{ tiledMethod: 'multidiffusion', tileWidth: 64, tileHeight: 128, tileOverlap: 8 },
    });
    expect(found?.notes.map(({ key }) => key)).toEqual(['ModelSamplingDiscrete']);
  });

  it('reads Deep Shrink, and names the ways of scaling that are not here', () => {
    const shrink = node('PatchModelAddDownscale', {
      ...{ model: ['11', 0], block_number: 4, downscale_factor: 1.5, start_percent: 0, end_percent: 0.4 },
      ...{ downscale_after_skip: false, downscale_method: 'area', upscale_method: 'bislerp' },
    });
    const sampler = node('KSampler', { ...BASIC['3'].inputs, model: ['10', 0] });
    const other = node('PatchModelAddDownscale', { model: ['4', 0], block_number: 2 });
    const found = readComfyRecipe(graph({ ...BASIC, '3': sampler, '10': shrink, '11': other }));
    const said = { shrinkBlock: 4, shrinkFactor: 1.5, shrinkStart: 0, shrinkEnd: 0.4, shrinkKeepsSmall: true };
    expect(found?.recipe).toEqual({ ...BASIC_RECIPE, ...said, shrinkDown: 'area' });
    expect(found?.notes.map(({ message }) => message)).toEqual([
      'Scaling by bislerp (upscale_method) is not carried over: bicubic takes its place.',
      'One Deep Shrink after another is not carried over: the last is taken.',
    ]);
  });

  it('takes of what is in place of guidance the last, and tells an order that is not its own', () => {
    const on = (from: string, type: string, inputs = {}) => node(type, { model: [from, 0], ...inputs });
    const sampler = node('KSampler', { ...BASIC['3'].inputs, model: ['13', 0] });
    const found = readComfyRecipe(
      graph({
        ...{ ...BASIC, '3': sampler, '10': on('4', 'RescaleCFG', { multiplier: 0.7 }) },
        '11': on('10', 'DynamicThresholdingSimple', { mimic_scale: 5, threshold_percentile: 0.9 }),
        ...{ '12': on('11', 'Mahiro'), '13': on('12', 'PerturbedAttentionGuidance', { scale: 3 }) },
      }),
    );
    const threshold = { dynthres: 'levels', dynthresMimicScale: 5, dynthresPercentile: 0.9, dynthresSeparate: false };
    expect(found?.recipe).toEqual({ ...BASIC_RECIPE, ...threshold, mahiro: true, pagScale: 3 });
    expect(found?.notes.map(({ message }) => message)).toEqual([
      'The node "Mahiro" comes after others here: guidance of its kind is put together in one order.',
    ]);
    const named = readComfyRecipe(graph({ ...BASIC, '3': sampler, '13': on('4', 'APG', { eta: 1 }) }));
    expect(named?.notes.map(({ message }) => message).join()).toContain('APG');
  });

  it('lists nodes that it passes without understanding them', () => {
    const found = readComfyRecipe(
      graph({
        ...BASIC,
        '3': node('KSampler', {
          ...BASIC['3'].inputs,
          positive: ['10', 0],
          model: ['11', 0],
          sampler_name: 'res_2s',
        }),
        '10': node('ControlNetApplyAdvanced', { positive: ['6', 0], negative: ['7', 0], strength: 1 }),
        '11': node('TomePatchModel', { model: ['4', 0], ratio: 0.3 }),
      }),
    );
    expect(found?.recipe).toEqual(BASIC_RECIPE);
    expect(found?.notes.map(({ key }) => key)).toEqual(['Sampler', 'ControlNetApplyAdvanced', 'TomePatchModel']);
  });

  it("reads the editor's graph where there is no other", () => {
    const plain = (id: number, type: string, widgets_values: unknown[], inputs: [string, number][] = [], mode = 0) => ({
      id,
      type,
      mode,
      widgets_values,
      inputs: inputs.map(([name, link]) => ({ name, link })),
    });
    const workflow = {
      nodes: [
        plain(
          3,
          'KSampler',
          [8566257, 'randomize', 20, 8, 'euler', 'normal', 1],
          [
            ['model', 9],
            ['positive', 4],
            ['negative', 6],
            ['latent_image', 2],
          ],
        ),
        plain(4, 'CheckpointLoaderSimple', ['v1-5-pruned-emaonly.safetensors']),
        plain(5, 'EmptyLatentImage', [512, 768, 1]),
        plain(6, 'CLIPTextEncode', ['masterpiece best quality girl'], [['clip', 3]]),
        plain(7, 'CLIPTextEncode', ['bad hands'], [['clip', 5]]),
        plain(8, 'VAEDecode', [], [['samples', 7]]),
        plain(9, 'SaveImage', ['ComfyUI'], [['images', 8]]),
        plain(
          10,
          'LoraLoader',
          ['off.safetensors', 1, 1],
          [
            ['model', 1],
            ['clip', 10],
          ],
          4,
        ),
      ],
      links: [
        [1, 4, 0, 10, 0, 'MODEL'],
        [2, 5, 0, 3, 3, 'LATENT'],
        [3, 4, 1, 6, 0, 'CLIP'],
        [4, 6, 0, 3, 1, 'CONDITIONING'],
        [5, 4, 1, 7, 0, 'CLIP'],
        [6, 7, 0, 3, 2, 'CONDITIONING'],
        [7, 3, 0, 8, 0, 'LATENT'],
        { id: 8, origin_id: 8, origin_slot: 0, target_id: 9, target_slot: 0, type: 'IMAGE' },
        [9, 10, 0, 3, 0, 'MODEL'],
        [10, 4, 1, 10, 1, 'CLIP'],
      ],
    };
    expect(readComfyRecipe({ workflow: JSON.stringify(workflow) })).toEqual({ recipe: BASIC_RECIPE, notes: [] });
  });

  it('comes out of rings and empty graphs', () => {
    const ring = readComfyRecipe(
      graph({
        ...BASIC,
        '3': node('KSampler', {
          ...BASIC['3'].inputs,
          model: ['3', 0],
          latent_image: ['3', 0],
          seed: ['12', 0],
          positive: ['11', 0],
        }),
        '11': node('Reroute', { '': ['11', 0] }),
        '12': node('StringConcatenate', { string_a: ['12', 0], string_b: ['12', 0] }),
      }),
    );
    expect(ring?.recipe.prompt).toBe('');
    for (const prompt of [
      '{}',
      '[]',
      'null',
      '{"1":{}}',
      '{"1":{"class_type":"SaveImage","inputs":{"images":["1",0]}}}',
      'x',
    ])
      expect(readComfyRecipe({ prompt, workflow: prompt })).toBeUndefined();
  });
});

describe('readPythonJson', () => {
  it('keeps digits, and takes NaN for nothing', () => {
    expect(
      readPythonJson(
        '{"a":[NaN,-Infinity,1234567890123456,-12345678901234567890,1.2345678901234567890,1e300,"NaN 1234567890123456"]}',
      ),
    ).toEqual({
      a: [null, null, '1234567890123456', '-12345678901234567890', 1.2345678901234567, 1e300, 'NaN 1234567890123456'],
    });
    expect(readPythonJson('{')).toBeUndefined();
  });
});
