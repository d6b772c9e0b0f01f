/** What nodes become that no recipe has: parts of samplers, texts, batches, sizes, packs. */
import { describe, expect, it } from 'vitest';
import { validatePrompt } from '../check';
import { compile, settingsOf, sound, SIZED, type Nodes } from '../testing/compiled';
import { PARTS, promptFrom, SAMPLER } from '../testing/prompts';
import { compilePrompt } from '.';

const LATENT = (latent: string): Nodes => ({ '3': ['KSampler', { ...SAMPLER, ...PARTS, latent_image: [latent, 0] }] });

describe('samplers in parts', () => {
  const custom = { cfg: 4, model: ['4', 0], positive: ['6', 0], negative: ['7', 0], add_noise: true, noise_seed: 3 };
  const sampling = (sigmas: Nodes[string], sampler: Nodes[string]): Nodes => ({
    '20': sigmas,
    '21': sampler,
    '3': ['SamplerCustom', { ...custom, sampler: ['21', 0], sigmas: ['20', 0], latent_image: ['5', 0] }],
  });
  const euler: Nodes[string] = ['KSamplerSelect', { sampler_name: 'euler' }];

  it('have sigmas of a schedule, in the model’s own way of sampling', () => {
    const changes = {
      ...sampling(['BasicScheduler', { model: ['22', 0], scheduler: 'beta', steps: 8, denoise: 0.5 }], euler),
      '22': ['ModelSamplingDiscrete', { model: ['4', 0], sampling: 'lcm', zsnr: true }],
    } satisfies Nodes;
    expect(settingsOf(changes, 'schedule_sigmas')).toEqual([
      { denoise: 0.5, sampling: 'lcm', schedule: 'beta_comfy', steps: 8, zeroTerminalSnr: true },
    ]);
  });

  it('have written sigmas, and those of Align Your Steps to a share', () => {
    const written = sampling(['ManualSigmas', { sigmas: '14.6, 2.5,.3 0' }], euler);
    expect(settingsOf(written, 'list_sigmas')).toEqual([{ values: '14.6,2.5,0.3,0' }]);
    const aligned: Nodes[string] = ['AlignYourStepsScheduler', { model_type: 'SD1', steps: 10, denoise: 0.3 }];
    const [{ values }] = settingsOf(sampling(aligned, euler), 'list_sigmas');
    expect(String(values).split(',')).toHaveLength(4);
  });

  it('have those of GITS by its usual coefficient, to a share, and name the others', () => {
    const gits = (coeff: number): Nodes =>
      sampling(['GITSScheduler', { coeff, steps: 5, denoise: 0.5 }] satisfies Nodes[string], euler);
    // Half of five is two: Python rounds to the even number.
    expect(settingsOf(gits(1.2000000000000002), 'list_sigmas')).toEqual([{ values: '0.59516323,0.25053367,0' }]);
    expect(compile(gits(1.1)).problems[0]?.message).toContain('coeff is 1.10; only 1.2, which is usual, runs here.');
  });

  it('have the settings of their sampler', () => {
    const noisy: Nodes[string] = [
      'SamplerDPMPP_2M_SDE',
      { solver_type: 'heun', eta: 0.5, s_noise: 1.1, noise_device: 'gpu' },
    ];
    const changes = sampling(['ManualSigmas', { sigmas: '1, 0' }], noisy);
    expect(settingsOf(changes, 'sample')).toMatchObject([{ sampler: 'dpmpp_2m_sde_heun', eta: 0.5, sNoise: 1.1 }]);
    expect(compile(changes).notices).toEqual([
      'dpmpp_2m_sde_heun draws its noise on the GPU in this graph; here it is drawn as on the CPU.',
    ]);
  });

  it('of CFG++ ask for the negative, whatever the scale', () => {
    const guided: Nodes = {
      '3': ['KSampler', { ...SAMPLER, ...PARTS, cfg: 1, sampler_name: 'euler_cfg_pp' }],
    };
    const [sample] = sound(guided).filter(({ operation }) => operation === 'sample');
    expect([sample.settings['sampler'], sample.inputs['negative']]).toEqual([
      'euler_cfg_pp',
      { node: '7 negative', output: 'conditioning' },
    ]);
    const node: Nodes[string] = ['SamplerEulerAncestralCFGPP', { eta: 0.5, s_noise: 0.9 }];
    expect(settingsOf(sampling(['ManualSigmas', { sigmas: '1, 0' }], node), 'sample')).toMatchObject([
      { sampler: 'euler_ancestral_cfg_pp', eta: 0.5, sNoise: 0.9 },
    ]);
  });

  it.each<[Nodes[string], string]>([
    [
      ['SamplerEulerCFGpp', { version: 'alternative' }],
      '"SamplerEulerCFG++" (node 21): version is alternative; only regular runs here.',
    ],
    [['SamplerLMS', { order: 3 }], '"SamplerLMS" (node 21): order is 3; only 4 runs here.'],
    [
      ['SamplerDPMPP_SDE', { eta: 1, s_noise: 1, r: 0.4, noise_device: 'cpu' }],
      '"SamplerDPMPP_SDE" (node 21): r is 0.4; only 0.5 runs here.',
    ],
  ])('refuse what the samplers here have not: %#', (sampler, sentence) => {
    const { problems } = compile(sampling(['ManualSigmas', { sigmas: '1, 0' }], sampler));
    expect(problems.map(({ message }) => message)).toEqual([sentence]);
  });

  it('are painted in tiles, whose sides are pixels in the graph', () => {
    const tiled = (said: object): Nodes => ({
      '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['21', 0] }],
      '21': [
        'TiledDiffusion',
        {
          ...{ model: ['4', 0], method: 'Mixture of Diffusers', tile_width: 640, tile_height: 520 },
          ...{ tile_overlap: 100, tile_batch_size: 4, ...said },
        },
      ],
    });
    expect(settingsOf(tiled({}), 'sample')).toMatchObject([
      { tiledMethod: 'mixture', tileWidth: 80, tileHeight: 65, tileOverlap: 12 },
    ]);
    const said = (more: object) => compile(tiled(more)).problems.map(({ message }) => message);
    expect(said({ method: 'SpotDiffusion' })).toEqual([
      '"Tiled Diffusion" (node 21): the method SpotDiffusion does not run here.',
    ]);
    expect(said({ tile_width: 4096 })).toEqual([
      '"Tiled Diffusion" (node 21): Tile width must be from 16 to 256, not 512. A cell has 8 pixels.',
    ]);
  });

  const guidedByThree = (more: Nodes = {}, said: object = {}): Nodes => ({
    '20': ['RandomNoise', { noise_seed: 7 }],
    '21': [
      'DualCFGGuider',
      {
        ...{ model: ['4', 0], cond1: ['6', 0], cond2: ['24', 0], negative: ['7', 0] },
        ...{ cfg_conds: 4, cfg_cond2_negative: 2, style: 'regular', ...said },
      },
    ],
    '22': euler,
    '23': ['ManualSigmas', { sigmas: '1, 0' }],
    '24': ['CLIPTextEncode', { text: 'a tree', clip: ['4', 1] }],
    '3': [
      'SamplerCustomAdvanced',
      { noise: ['20', 0], guider: ['21', 0], sampler: ['22', 0], sigmas: ['23', 0], latent_image: ['5', 0] },
    ],
    ...more,
  });

  it('are guided by two texts with two scales, as parts of one', () => {
    expect(settingsOf(guidedByThree(), 'weigh_conditionings')).toEqual([{ toWeight: 2, fromWeight: -1 }]);
    const nested = guidedByThree({}, { style: 'nested' });
    expect(settingsOf(nested, 'weigh_conditionings')).toEqual([{ toWeight: 4, fromWeight: -3 }]);
    const [sample] = sound(nested).filter(({ operation }) => operation === 'sample');
    expect([sample.settings['cfgScale'], Object.keys(sample.inputs)]).toEqual([
      2,
      ['model', 'latent', 'positive', 'negative', 'sigmas'],
    ]);
    const plain = sound(guidedByThree({}, { cfg_cond2_negative: 1 })).find(({ operation }) => operation === 'sample');
    expect(plain?.inputs).not.toHaveProperty('negative');
  });

  it.each<[Nodes, object, string]>([
    [{}, { cfg_cond2_negative: 0 }, 'cfg_cond2_negative is 0, which runs here only where the style is nested.'],
    [
      { '25': ['RescaleCFG', { model: ['4', 0], multiplier: 0.7 }] },
      { model: ['25', 0] },
      'RescaleCFG under two scales does not run here.',
    ],
    [
      { '25': ['ConditioningSetTimestepRange', { conditioning: ['24', 0], start: 0, end: 0.5 }] },
      { cond2: ['25', 0] },
      'cond2 is several texts, or one of a part of the picture or the steps, which does not run here yet.',
    ],
  ])('say what does not run under two scales: %#', (more, said, sentence) => {
    const { problems } = compile(guidedByThree(more, said));
    expect(problems.map(({ message }) => message)).toEqual([`"DualCFGGuider" (node 21): ${sentence}`]);
  });

  it('take the sampler LCM for what the graph says, not for a model of that kind', () => {
    const lcm: Nodes = { '3': ['KSampler', { ...SAMPLER, ...PARTS, sampler_name: 'lcm' }] };
    expect(settingsOf(lcm, 'sample')).toMatchObject([{ sampling: 'own' }]);
  });
});

describe('texts', () => {
  it('are joined, averaged and emptied on the side that reads them', () => {
    const nodes = sound({
      '20': ['ConditioningConcat', { conditioning_to: ['6', 0], conditioning_from: ['7', 0] }],
      '21': [
        'ConditioningAverage',
        { conditioning_to: ['20', 0], conditioning_from: ['7', 0], conditioning_to_strength: 0.3 },
      ],
      '22': ['ConditioningZeroOut', { conditioning: ['7', 0] }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, positive: ['21', 0], negative: ['22', 0] }],
    });
    const operations = nodes.map(({ operation }) => operation);
    expect(operations.filter((one) => /cond/.test(one))).toEqual([
      'join_conditionings',
      'average_conditionings',
      'zero_conditioning',
    ]);
    // The same text is read for each side by itself: a model of few sentences reads them in two ways.
    expect(operations.filter((one) => one === 'encode_text')).toHaveLength(3);
  });

  it('have places, which later ones change in part', () => {
    const changes: Nodes = {
      '20': ['ConditioningSetArea', { conditioning: ['6', 0], width: 64, height: 72, x: 8, y: 0, strength: 0.9 }],
      '21': ['ConditioningSetAreaStrength', { conditioning: ['20', 0], strength: 0.4 }],
      '22': ['ConditioningSetTimestepRange', { conditioning: ['21', 0], start: 0.25, end: 0.75 }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, positive: ['22', 0] }],
    };
    expect(settingsOf(changes, 'add_guide')).toEqual([
      { end: 0.75, height: 72, start: 0.25, strength: 0.4, unit: 'pixels', width: 64, x: 8 },
      { isNegative: true },
    ]);
  });

  it('of two encoders tell sizes', () => {
    const sizes = { width: 1024, height: 832, crop_w: 8, crop_h: 16, target_width: 512, target_height: 416 };
    const changes: Nodes = {
      '6': ['CLIPTextEncodeSDXL', { ...sizes, clip: ['4', 1], text_g: 'a red apple', text_l: 'apple' }],
    };
    expect(settingsOf(changes, 'pair_conditionings')).toEqual([
      { height: 832, targetHeight: 416, targetWidth: 512, width: 1024, x: 8, y: 16 },
    ]);
  });

  it('of the refiner tell a size and a score', () => {
    const changes: Nodes = {
      '6': [
        'CLIPTextEncodeSDXLRefiner',
        { ascore: 7.5, width: 1024, height: 832, clip: ['4', 1], text: 'a red apple' },
      ],
    };
    expect(settingsOf(changes, 'tell_score')).toEqual([{ height: 832, score: 7.5, width: 1024 }]);
    expect(settingsOf(changes, 'encode_text').map(({ text }) => text)).toEqual(['a red apple', 'blue']);
  });
});

describe('batches', () => {
  it('are painted one by one, each with its part of the noise, and saved each', () => {
    const changes: Nodes = { '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 3 }] };
    expect(settingsOf(changes, 'sample').map(({ batchIndex = 0, batchSize }) => [batchIndex, batchSize])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(settingsOf(changes, 'encode_text')).toHaveLength(2);
    expect(compile(changes).pictures.map(({ batch }) => batch)).toEqual([0, 1, 2]);
  });

  it('keep the noise of their places when they are repeated, cut and joined', () => {
    const noise = (changes: Nodes) => settingsOf(changes, 'sample').map(({ noiseIndex = 0 }) => noiseIndex);
    const batch: Nodes = { '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 4 }] };
    const taken: Nodes = { ...batch, '20': ['LatentFromBatch', { samples: ['5', 0], batch_index: 2, length: 9 }] };
    expect(noise({ ...taken, ...LATENT('20') })).toEqual([3, 4]);
    const again: Nodes = { ...taken, '21': ['RepeatLatentBatch', { samples: ['20', 0], amount: 2 }] };
    expect(noise({ ...again, ...LATENT('21') })).toEqual([3, 4, 5, 6]);
    const fixed: Nodes = {
      ...again,
      '22': ['LatentBatchSeedBehavior', { samples: ['21', 0], seed_behavior: 'fixed' }],
    };
    expect(noise({ ...fixed, ...LATENT('22') })).toEqual([3, 3, 3, 3]);
    const joined: Nodes = { ...batch, '20': ['LatentBatch', { samples1: ['5', 0], samples2: ['5', 0] }] };
    expect(noise({ ...joined, ...LATENT('20') })).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });
});

describe('sizes', () => {
  const size = (image: Nodes[string], more: Nodes = {}): unknown[] => {
    const [said] = settingsOf(
      {
        ...more,
        '20': ['LoadImage', { image: 'a' }],
        '21': image,
        '22': ['GetImageSize', { image: ['21', 0] }],
        '5': ['EmptyLatentImage', { width: ['22', 0], height: ['22', 1], batch_size: ['22', 2] }],
      },
      'empty_latent',
    );
    return [said['width'], said['height']];
  };
  const image = ['20', 0];

  it.each<[string, Nodes[string], number, number]>([
    ['scaled', ['ImageScale', { image, upscale_method: 'area', width: 320, height: 0, crop: 'disabled' }], 320, 200],
    ['padded', ['ImagePadForOutpaint', { image, left: 8, top: 16, right: 0, bottom: 0, feathering: 4 }], 648, 416],
    ['cropped', ['ImageCrop', { image, width: 512, height: 999, x: 200, y: 16 }], 440, 384],
    ['turned', ['ImageRotate', { image, rotation: '90 degrees' }], 400, 640],
    ['in all', ['ImageScaleToTotalPixels', { image, upscale_method: 'area', megapixels: 0.25 }], 648, 405],
    ['longest', ['ImageScaleToMaxDimension', { image, upscale_method: 'area', largest_size: 320 }], 320, 200],
    [
      'resized',
      [
        'ResizeImageMaskNode',
        { input: image, resize_type: 'scale by multiplier', 'resize_type.multiplier': 0.5, scale_method: 'area' },
      ],
      320,
      200,
    ],
  ])('are known before anything runs: %s', (_, node, width, height) => {
    expect(size(node)).toEqual([width, height]);
  });

  it('that are not known stop the node that asks', () => {
    const { problems } = compile({
      '20': ['LoadImage', { image: 'a' }],
      '21': ['UpscaleModelLoader', { model_name: 'x4' }],
      '23': ['ImageUpscaleWithModel', { upscale_model: ['21', 0], image: ['20', 0] }],
      '22': ['GetImageSize', { image: ['23', 0] }],
      '5': ['EmptyLatentImage', { width: ['22', 0], height: ['22', 1], batch_size: 1 }],
    });
    expect(problems).toMatchObject([{ node: '22', message: expect.stringContaining('is not known before') as string }]);
  });
});

describe('packs', () => {
  it('pass parts on one link, and seeds and texts as values', () => {
    const changes: Nodes = {
      '20': ['ToBasicPipe', { model: ['4', 0], clip: ['4', 1], vae: ['4', 2], positive: ['6', 0], negative: ['7', 0] }],
      '21': ['FromBasicPipe', { basic_pipe: ['20', 0] }],
      '22': ['Seed (rgthree)', { seed: 12 }],
      '23': ['Context (rgthree)', { model: ['21', 0], positive: ['21', 3], seed: ['22', 0] }],
      '24': ['Context Switch (rgthree)', { ctx_01: ['23', 0] }],
      '25': ['Text Concatenate', { delimiter: ', ', clean_whitespace: 'true', text_a: ' a red', text_b: 'pear' }],
      '6': ['CLIPTextEncode', { text: ['25', 0], clip: ['4', 1] }],
      '3': [
        'KSampler',
        {
          ...SAMPLER,
          latent_image: ['5', 0],
          negative: ['7', 0],
          model: ['24', 1],
          positive: ['24', 4],
          seed: ['24', 8],
        },
      ],
    };
    expect(settingsOf(changes, 'sample')).toMatchObject([{ seed: 12 }]);
    expect(settingsOf(changes, 'encode_text')[0]).toMatchObject({ text: 'a red, pear' });
  });

  it('load LoRAs that are switched on', () => {
    const changes: Nodes = {
      '20': [
        'Power Lora Loader (rgthree)',
        {
          ...{ model: ['4', 0], clip: ['4', 1] },
          lora_1: { on: true, lora: 'ink', strength: 0.8 },
          lora_2: { on: false, lora: 'oil', strength: 1 },
          lora_3: { on: true, lora: 'fast', strength: 1, strengthTwo: 0.5 },
        },
      ],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['20', 0] }],
    };
    expect(settingsOf(changes, 'add_adapter')).toEqual([
      { adapter: 'ink', denoiser: 0.8, text: 0.8 },
      { adapter: 'fast', text: 0.5 },
    ]);
  });

  it('load all that a picture needs, and show what they paint', () => {
    const loader = {
      ...{ ckpt_name: 'starter', vae_name: 'Baked VAE', clip_skip: -2, lora_name: 'None', batch_size: 1 },
      ...{ lora_model_strength: 1, lora_clip_strength: 1, positive: 'a red apple', negative: 'blue' },
      ...{ token_normalization: 'none', weight_interpretation: 'comfy' },
      ...{ empty_latent_width: 128, empty_latent_height: 128 },
    };
    const prompt = promptFrom({
      '1': ['Efficient Loader', loader],
      '2': [
        'KSampler (Efficient)',
        {
          ...{ ...SAMPLER, model: ['1', 0], positive: ['1', 1], negative: ['1', 2], latent_image: ['1', 3] },
          ...{ preview_method: 'auto', vae_decode: 'true', optional_vae: ['1', 4] },
        },
      ],
    });
    const { workflow, problems, pictures } = compilePrompt(prompt, validatePrompt(prompt).outputs, SIZED);
    expect(problems).toEqual([]);
    expect(pictures).toEqual([{ node: '2', isSaved: false, prefix: 'ComfyUI_temp' }]);
    const texts = workflow?.nodes.filter(({ operation }) => operation === 'encode_text') ?? [];
    expect(texts.map(({ settings: { text, clipSkip } }) => [text, clipSkip])).toEqual([
      ['a red apple', 2],
      ['blue', 2],
    ]);
  });
});
