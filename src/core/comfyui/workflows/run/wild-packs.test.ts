/** Packs' nodes as people publish them: preprocessors by other networks, control stacks, pipes, sizes, samplers. */
import { describe, expect, it } from 'vitest';
import { toPrompt } from '../convert';
import { readDocument, type Json } from '../document';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const LOADED: Nodes = { '19': ['LoadImage', { image: 'a.png' }] };
const SHOWN: Nodes = { ...LOADED, '9': ['PreviewImage', { images: ['20', 0] }] };

describe('preprocessors', () => {
  it.each<[Nodes[string], object, RegExp?]>([
    [['DepthAnythingV2Preprocessor', { image: ['19', 0] }], { module: 'depth_anything_v2' }, /another network/],
    [['Zoe-DepthMapPreprocessor', { image: ['19', 0], resolution: 640 }], { module: 'depth_anything_v2', resolution: 640 }, /another network/], // prettier-ignore
    [['DWPreprocessor', { image: ['19', 0], detect_hand: 'enable' }], { module: 'openpose' }, /one person/],
    [['MiDaS-NormalMapPreprocessor', { image: ['19', 0], a: 2 * Math.PI, bg_threshold: 0.2 }], { module: 'normal_from_depth_v1', thresholdA: 0.2, thresholdB: 1 }, /normals/], // prettier-ignore
    [['ScribblePreprocessor', { image: ['19', 0] }], { module: 'threshold', thresholdA: 126, resolution: 512 }],
    [['LineartStandardPreprocessor', { image: ['19', 0] }], { module: 'lineart_standard' }],
    [['AIO_Preprocessor', { image: ['19', 0], preprocessor: 'CannyEdgePreprocessor', resolution: 768 }], { module: 'canny', thresholdA: 100, thresholdB: 200, resolution: 768 }], // prettier-ignore
  ])('%j', (node, settings, notice) => {
    expect(settingsOf({ ...SHOWN, '20': node }, 'make_hint')).toMatchObject([settings]);
    const { notices } = compile({ ...SHOWN, '20': node });
    expect(notices.join()).toMatch(notice ?? /^$/);
  });

  it('are stopped where they say what is not drawn here', () => {
    const sigma = { image: ['19', 0] as [string, number], guassian_sigma: 4 };
    const { problems } = compile({ ...SHOWN, '20': ['LineartStandardPreprocessor', sigma] });
    expect(problems.map(({ message }) => message).join()).toMatch(/only the sigma 6/);
    const other = { image: ['19', 0] as [string, number], preprocessor: 'SAMPreprocessor' };
    expect(compile({ ...SHOWN, '20': ['AIO_Preprocessor', other] }).problems).toHaveLength(1);
  });
});

const CONTROL: Nodes = {
  ...LOADED,
  '11': ['ControlNetLoader', { control_net_name: 'canny' }],
  '3': ['KSampler', { ...SAMPLER, ...PARTS, positive: ['12', 0], negative: ['12', 1] }],
};
const BOTH: Record<string, Json> = { positive: ['6', 0], negative: ['7', 0] };
const RANGE = { strength: 0.5, start_percent: 0.1, end_percent: 0.9 };
const WANTED = { control: 'canny', weight: 0.5, start: 0.1, end: 0.9 };

describe('control of packs', () => {
  it.each<[string, Nodes]>([
    [
      'ACN_AdvancedControlNetApply_v2',
      {
        '11': ['ControlNetLoaderAdvanced', { control_net_name: 'canny' }],
        '12': ['ACN_AdvancedControlNetApply_v2', { ...BOTH, control_net: ['11', 0], image: ['19', 0], ...RANGE }],
      },
    ],
    [
      'a stack of Efficiency',
      {
        '13': ['Control Net Stacker', { control_net: ['11', 0], image: ['19', 0], ...RANGE }],
        '12': ['Apply ControlNet Stack', { ...BOTH, cnet_stack: ['13', 0] }],
      },
    ],
    [
      'a stack of Comfyroll',
      {
        '13': ['CR Multi-ControlNet Stack', { switch_2: 'On', controlnet_2: 'canny', controlnet_strength_2: 0.5, start_percent_2: 0.1, end_percent_2: 0.9, image_2: ['19', 0], switch_1: 'Off', controlnet_1: 'pose', image_1: ['19', 0] }], // prettier-ignore
        '12': ['CR Apply Multi-ControlNet', { base_positive: ['6', 0], base_negative: ['7', 0], switch: 'On', controlnet_stack: ['13', 0] }], // prettier-ignore
      },
    ],
  ])('%s is that of ComfyUI', (_, nodes) => {
    expect(settingsOf({ ...CONTROL, ...nodes }, 'apply_control')).toMatchObject([WANTED]);
  });

  it('stops with keyframes of an early loader', () => {
    const loader: Nodes[string] = [
      'ControlNetLoaderAdvanced',
      { control_net_name: 'canny', timestep_keyframe: ['19', 0] },
    ];
    const apply: Nodes[string] = [
      'ControlNetApplyAdvanced',
      { ...BOTH, control_net: ['11', 0], image: ['19', 0], ...RANGE },
    ];
    const { problems } = compile({ ...CONTROL, '11': loader, '12': apply });
    expect(problems.map(({ message }) => message).join()).toMatch(/keyframes of steps do not run here/);
  });

  it('stops with what ComfyUI does not have', () => {
    const weighed = { ...BOTH, control_net: ['11', 0], image: ['19', 0], ...RANGE, mask_optional: ['19', 1] };
    const { problems } = compile({ ...CONTROL, '12': ['ACN_AdvancedControlNetApply', weighed] });
    expect(problems.map(({ message }) => message).join()).toMatch(/mask_optional does not run here/);
  });
});

const PIPED: Nodes = {
  ...LOADED,
  '40': ['ToBasicPipe', { model: ['4', 0], clip: ['4', 1], vae: ['4', 2], positive: ['6', 0], negative: ['7', 0] }],
};
const PROVIDER = { ...SAMPLER, denoise: 0.4, basic_pipe: ['40', 0] };

const SCRIPT = {
  ...{ upscale_type: 'latent', hires_ckpt_name: '(use same)', latent_upscaler: 'bilinear', pixel_upscaler: 'esrgan' },
  ...{ upscale_by: 1.5, use_same_seed: true, seed: 9, hires_steps: 6, denoise: 0.4, iterations: 1 },
  ...{ use_controlnet: '_', control_net_name: '', strength: 1, preprocessor: '_', preprocessor_imgs: false },
};
const efficient = (script: object): Nodes => ({
  '60': ['HighRes-Fix Script', { ...SCRIPT, ...script }],
  '3': ['KSampler (Efficient)', { ...SAMPLER, ...PARTS, preview_method: 'auto', vae_decode: 'true', optional_vae: ['4', 2], script: ['60', 0] }], // prettier-ignore
  '8': ['VAEDecode', { samples: ['3', 3], vae: ['4', 2] }],
});

describe('HighRes-Fix', () => {
  it('enlarges the latent and samples again', () => {
    expect(settingsOf(efficient({}), 'sample')).toMatchObject([
      { steps: 4, seed: 7 },
      { steps: 6, seed: 7, denoisingStrength: 0.4 },
    ]);
    expect(settingsOf(efficient({}), 'scale_latent')).toMatchObject([{ factor: 1.5, mode: 'bilinear' }]);
    const own = efficient({ use_same_seed: false, iterations: 2 });
    expect(settingsOf(own, 'sample').map(({ seed }) => seed)).toEqual([7, 9, 9]);
    const other = efficient({ hires_ckpt_name: 'other' });
    expect(settingsOf(other, 'load_model')).toHaveLength(2);
  });

  it('enlarges pictures by a network that makes them four times as large', () => {
    const pixel = efficient({ upscale_type: 'pixel' });
    expect(settingsOf(pixel, 'sample')).toHaveLength(1);
    expect(settingsOf(pixel, 'upscale_image')).toEqual([{ upscaler: 'esrgan' }]);
    expect(settingsOf(pixel, 'scale_image')).toMatchObject([{ factor: 0.375 }]);
    const both = efficient({ upscale_type: 'both' });
    expect(settingsOf(both, 'sample')).toHaveLength(2);
    expect(settingsOf(both, 'encode_image')).toHaveLength(1);
  });

  it('stops with a ControlNet of its own', () => {
    const { problems } = compile(efficient({ use_controlnet: 'true' }));
    expect(problems.map(({ message }) => message).join()).toMatch(/its ControlNet does not run here/);
  });
});

describe('LoRAs stacked by Easy-Use', () => {
  const stacked = (inputs: object): Nodes => ({
    '30': ['easy loraStack', { toggle: true, mode: 'simple', num_loras: 2, lora_1_name: 'fur', lora_1_strength: 0.5, lora_2_name: 'None', lora_3_name: 'ice', ...inputs }], // prettier-ignore
    '31': ['CR Apply LoRA Stack', { model: ['4', 0], clip: ['4', 1], lora_stack: ['30', 0] }],
    '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['31', 0] }],
  });

  it('are as many as it says, and none where it is off', () => {
    expect(settingsOf(stacked({}), 'add_adapter')).toMatchObject([{ adapter: 'fur', denoiser: 0.5, text: 0.5 }]);
    const own = { mode: 'advanced', lora_1_model_strength: 0.2, lora_1_clip_strength: 0.9 };
    expect(settingsOf(stacked(own), 'add_adapter')).toMatchObject([{ denoiser: 0.2, text: 0.9 }]);
    expect(settingsOf(stacked({ toggle: false }), 'add_adapter')).toEqual([]);
  });
});

describe('samplers of packs', () => {
  it('paint the rest of a mask, then what is masked', () => {
    const nodes = sound({
      ...PIPED,
      '41': ['KSamplerProvider', { ...PROVIDER, seed: 1 }],
      '42': ['KSamplerProvider', { ...PROVIDER, seed: 2, cfg: 9 }],
      '20': ['VAEEncode', { pixels: ['19', 0], vae: ['4', 2] }],
      '3': ['TwoSamplersForMask', { latent_image: ['20', 0], base_sampler: ['41', 0], mask_sampler: ['42', 0], mask: ['19', 1] }], // prettier-ignore
    });
    const [base, masked] = nodes.filter(({ operation }) => operation === 'sample');
    expect([base.settings, masked.settings]).toMatchObject([
      { seed: 1, cfgScale: 4, denoisingStrength: 0.4 },
      { seed: 2, cfgScale: 9, denoisingStrength: 0.4 },
    ]);
    expect(masked.inputs['latent']).toEqual({ node: base.id, output: 'latent' });
    const beside = nodes.find(({ id }) => id === base.inputs['mask']?.node);
    const whole = nodes.find(({ id }) => id === beside?.inputs['mask']?.node);
    expect([beside?.settings, whole?.settings]).toMatchObject([{}, { how: 'threshold' }]);
    expect(masked.inputs['mask']).toEqual(whole?.inputs['mask']);
  });

  it.each<[string, Nodes[string], object]>([
    ['by a pipe', ['ImpactKSamplerBasicPipe', { ...SAMPLER, basic_pipe: ['40', 0], latent_image: ['5', 0] }], { steps: 4, seed: 7 }], // prettier-ignore
    ['in part by a pipe', ['ImpactKSamplerAdvancedBasicPipe', { basic_pipe: ['40', 0], add_noise: true, noise_seed: 7, steps: 9, cfg: 4, sampler_name: 'euler', scheduler: 'normal', latent_image: ['5', 0], start_at_step: 0, end_at_step: 5, return_with_leftover_noise: true }], { steps: 9, endStep: 5 }], // prettier-ignore
  ])('are KSampler %s', (_, node, settings) => {
    const decoded: Nodes = { '8': ['VAEDecode', { samples: ['3', 1], vae: ['3', 2] }] };
    expect(settingsOf({ ...PIPED, '3': node, ...decoded }, 'sample')).toMatchObject([settings]);
  });

  it('take the GPU’s noise where that is asked for', () => {
    const inspire = (noise_mode: string): Nodes => ({ '3': ['KSampler //Inspire', { ...SAMPLER, ...PARTS, noise_mode }] }); // prettier-ignore
    const noiseOf = (nodes: Nodes) => settingsOf(nodes, 'sample').map(({ noise = 'nv' }) => noise);
    expect([noiseOf(inspire('GPU(=A1111)')), noiseOf(inspire('CPU'))]).toEqual([['nv'], ['comfyui']]);
    expect(settingsOf(inspire('CPU'), 'sample')).toEqual(settingsOf({}, 'sample'));
  });

  it('take a seed of WAS', () => {
    const rest = { ...SAMPLER, ...PARTS };
    const was: Nodes = { '2': ['Seed', { seed: 12 }], '3': ['KSampler (WAS)', { ...rest, seed: ['2', 0] }] };
    expect(settingsOf(was, 'sample')).toMatchObject([{ seed: 12 }]);
    const whole: Nodes = { ...was, '3': ['KSampler', { ...rest, seed: ['2', 3] }] };
    expect(settingsOf(whole, 'sample')).toMatchObject([{ seed: 12 }]);
  });
});

describe('pictures of packs', () => {
  it('are made no larger than a side', () => {
    const down = (type: string, inputs: object) =>
      settingsOf({ ...SHOWN, '20': [type, { images: ['19', 0], size: 320, mode: true, ...inputs }] }, 'scale_image');
    expect(down('easy imageScaleDownToSize', {})).toMatchObject([{ width: 320, height: 200, mode: 'lanczos' }]);
    expect(down('ImageScaleDownToSize', { mode: false })).toMatchObject([{ width: 512, height: 320 }]);
    expect(down('easy imageScaleDownToSize', { size: 4096 })).toEqual([]);
  });

  it('are upscaled to a size that is counted from before', () => {
    const said = { image: ['19', 0] as [string, number], upscale_model: 'esrgan', rescale_factor: 1.5, resize_width: 900, resampling_method: 'lanczos', supersample: 'false', rounding_modulus: 16 }; // prettier-ignore
    const sizeBy = (mode: string) =>
      settingsOf({ ...SHOWN, '20': ['CR Upscale Image', { ...said, mode }] }, 'scale_image');
    expect(sizeBy('rescale')).toMatchObject([{ width: 960, height: 600, mode: 'lanczos' }]);
    // 900 × 562, each up to sixteens
    expect(sizeBy('resize')).toMatchObject([{ width: 912, height: 576 }]);
  });

  it('are squares for what looks at them', () => {
    const square = (crop_position: string) =>
      sound({ ...SHOWN, '20': ['PrepImageForClipVision', { image: ['19', 0], interpolation: 'LANCZOS', crop_position, sharpening: 0 }] }); // prettier-ignore
    const cut = (position: string) => square(position).find(({ operation }) => operation === 'crop_image')?.settings;
    expect(cut('center')).toMatchObject({ x: 120, width: 400, height: 400 });
    expect(cut('right')).toMatchObject({ x: 240, width: 400, height: 400 });
    const scaled = square('top').find(({ operation }) => operation === 'scale_image');
    expect(scaled?.settings).toMatchObject({ width: 224, height: 224, mode: 'lanczos' });
  });

  it('are saved by WAS in its folder, without its own marks', () => {
    const said = { images: ['8', 0] as [string, number], output_path: '[time(%Y-%m-%d)]/cats', filename_prefix: 'a_', filename_delimiter: '_', filename_number_padding: 4, filename_number_start: 'false', extension: 'jpg' }; // prettier-ignore
    const { pictures, notices } = compile({ '9': ['Image Save', said] });
    expect(pictures).toMatchObject([{ node: '9', isSaved: true, prefix: 'cats/a' }]);
    expect(notices).toEqual(['Pictures are saved as PNG here, not as jpg.']);
  });

  it('are shown and handed on with an empty mask', () => {
    const nodes = sound({
      ...LOADED,
      '20': ['PreviewBridge', { images: ['19', 0], image: '$20-0' }],
      '9': ['PreviewImage', { images: ['21', 0] }],
      '21': ['MaskToImage', { mask: ['20', 1] }],
    });
    expect(nodes.filter(({ operation }) => operation === 'keep')).toHaveLength(2);
    expect(nodes.find(({ operation }) => operation === 'solid_mask')?.settings).toMatchObject({ level: 0 });
  });
});

describe('values in the places of early files', () => {
  const valuesOf = (type: string, widgets: Json[]): unknown => {
    const node = { id: 1, type, pos: [0, 0], size: [1, 1], flags: {}, order: 0, mode: 0, inputs: [], outputs: [] };
    const file = { nodes: [{ ...node, properties: {}, widgets_values: widgets }], links: [], version: 0.4 };
    return toPrompt(readDocument(file as unknown as Json))['1'].inputs;
  };

  it.each<[string, Json[], object]>([
    ['ImageResize+', [640, 480, 'nearest', true], { method: 'keep proportion' }],
    ['ImageResize+', [640, 480, 'nearest', false], { method: 'stretch' }],
    ['CannyEdgePreprocessor', [90, 180, 'disable'], { low_threshold: 90, high_threshold: 180, resolution: 512 }],
    ['ImpactWildcardEncode', ['a', 'b', true, 'x'], { mode: 'populate', populated_text: 'b' }],
    ['ImpactWildcardEncode', ['a', 'b', false, 'x'], { mode: 'fixed' }],
  ])('%s %j', (type, widgets, values) => {
    expect(valuesOf(type, widgets)).toMatchObject(values);
  });
});

describe('sizes and texts of packs', () => {
  it.each<[string, object, [number, number]]>([
    ['CR SDXL Aspect Ratio', { aspect_ratio: '3:4 portrait 896x1152', swap_dimensions: 'On' }, [1152, 896]],
    ['CR SD1.5 Aspect Ratio', { aspect_ratio: 'custom', width: 640, height: 448 }, [640, 448]],
    ['CR Aspect Ratio', { aspect_ratio: 'SD1.5 - 2:3 portrait 512x768', prescale_factor: 1.5 }, [768, 1152]],
    ['SDXL Empty Latent Image', { resolution: '896 x 1152 (0.78)' }, [896, 1152]],
  ])('%s %j', (type, inputs, [width, height]) => {
    const slot = { 'CR Aspect Ratio': 5, 'SDXL Empty Latent Image': 0 }[type] ?? 4;
    const said = { width: 512, height: 512, swap_dimensions: 'Off', upscale_factor: 1, batch_size: 1, ...inputs };
    const sampler: Nodes = { '3': ['KSampler', { ...SAMPLER, ...PARTS, latent_image: ['50', slot] }] };
    expect(settingsOf({ '50': [type, said], ...sampler }, 'empty_latent')).toMatchObject([{ width, height }]);
  });

  it('are what Impact populated', () => {
    const wild = (inputs: object): Nodes => ({
      '50': ['ImpactWildcardEncode', { model: ['4', 0], clip: ['4', 1], seed: 1, ...inputs }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['50', 0], positive: ['50', 2] }],
    });
    const twice = {
      wildcard_text: '<LORA:x> <lora:fur:0.5><lora:fur:0.9><lora:ice>',
      populated_text: '',
      mode: 'fixed',
    };
    const named = { ...twice, populated_text: twice.wildcard_text };
    expect(settingsOf(wild(named), 'add_adapter')).toEqual([
      { adapter: 'fur.safetensors', denoiser: 0.5, text: 0.5 },
      { adapter: 'ice.safetensors' },
    ]);
    expect(settingsOf(wild(named), 'encode_text')[0]['text']).toBe('<LORA:x> ');
    const textOf = (inputs: object) => settingsOf(wild(inputs), 'encode_text')[0]['text'];
    expect(textOf({ wildcard_text: 'a cat', populated_text: 'a dog', mode: 'populate' })).toBe('a cat');
    expect(textOf({ wildcard_text: 'a cat', populated_text: 'a dog', mode: 'fixed' })).toBe('a dog');
    expect(textOf({ wildcard_text: '{a|b} cat', populated_text: 'b cat', mode: 'populate' })).toBe('b cat');
    const lora = { wildcard_text: 'a cat<lora:fur>', populated_text: '', mode: 'populate' };
    expect(settingsOf(wild(lora), 'add_adapter')).toEqual([{ adapter: 'fur.safetensors' }]);
    const blocks = { wildcard_text: '<lora:fur:1:LBW=XYZ>', populated_text: '', mode: 'populate' };
    expect(
      compile(wild(blocks))
        .problems.map(({ message }) => message)
        .join(),
    ).toMatch(/more than two strengths/);
  });

  it('go through a bus', () => {
    const bus: Nodes = {
      '50': ['CR Text', { text: 'a bus' }],
      '51': ['CR Data Bus In', { any2: ['50', 0] }],
      '52': ['CR Data Bus Out', { pipe: ['51', 0] }],
      '6': ['CLIPTextEncode', { text: ['52', 2], clip: ['4', 1] }],
    };
    expect(settingsOf(bus, 'encode_text')[0]).toMatchObject({ text: 'a bus' });
  });
});

describe('SwarmKSampler', () => {
  const SWARM: Record<string, Json> = {
    ...{ ...PARTS, noise_seed: 77, steps: 12, cfg: 6, sampler_name: 'euler', scheduler: 'normal' },
    ...{ start_at_step: 4, end_at_step: 10_000, add_noise: 'enable', return_with_leftover_noise: 'disable' },
  };
  const MORE = { var_seed: 0, var_seed_strength: 0, sigma_max: -1, sigma_min: -1, rho: 7, previews: 'default' };
  const through = (node: Nodes[string]) => compile({ '3': node }).workflow;

  it('is KSampler (Advanced)', () => {
    expect(through(['SwarmKSampler', { ...SWARM, ...MORE }])).toEqual(through(['KSamplerAdvanced', SWARM]));
    expect(through(['SwarmKSampler', { ...SWARM, ...MORE }])).toBeDefined();
  });

  it.each<[Record<string, Json>, RegExp]>([
    [{ var_seed_strength: 0.5 }, /variation seed/],
    [{ sigma_min: 0.03, sigma_max: 14 }, /own sigmas/],
    [{ tile_sample: true }, /tiles/],
    [{ model_negative: ['4', 0] }, /second model/],
  ])('is stopped by %j', (more, said) => {
    const { problems } = compile({ '3': ['SwarmKSampler', { ...SWARM, ...MORE, ...more }] });
    expect(problems.map(({ message }) => message).join()).toMatch(said);
  });
});
