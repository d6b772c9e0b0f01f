/** Packs' samplers that are KSampler with other sockets: see packs.ts. */
import { LATENT_METHODS, samplerName, schedulerName } from './choices';
import { ofPack } from './pack-words';
import {
  choice,
  CONDITIONING,
  file,
  flag,
  float,
  int,
  LATENT,
  MASK,
  maybe,
  MODEL,
  open,
  outs,
  seed,
  share,
  socket,
  VAE,
} from './spec';

const SIDES = { positive: CONDITIONING, negative: CONDITIONING };
const PIPE = socket('BASIC_PIPE');
const steps = () => int(20, [1, 10_000]);
const cfg = (value = 8) => float(value, [0, 100, 0.1]);
const SCHEDULED = { sampler_name: samplerName(), scheduler: open(schedulerName()) };
/** Schedules as functions, which other packs make. */
const FUNCTION = maybe(socket('SCHEDULER_FUNC'));

/** @see github.com/ltdrdata/ComfyUI-Impact-Pack special_samplers.py, impact_pack.py KSamplerBasicPipe */
const IMPACT = ofPack('comfyui-impact-pack', {
  KSamplerProvider: {
    operation: 'provide_sampling',
    category: 'ImpactPack/Sampler',
    inputs: {
      ...{ seed: seed(), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ denoise: share(1), basic_pipe: PIPE, scheduler_func_opt: FUNCTION },
    },
    outputs: outs('KSAMPLER'),
  },
  TwoSamplersForMask: {
    operation: 'sample_twice_by_mask',
    category: 'ImpactPack/Sampler',
    inputs: { latent_image: LATENT, base_sampler: socket('KSAMPLER'), mask_sampler: socket('KSAMPLER'), mask: MASK },
    outputs: outs('LATENT'),
  },
  ImpactKSamplerBasicPipe: {
    title: 'KSampler (pipe)',
    operation: 'sample_by_pipe',
    category: 'ImpactPack/sampling',
    inputs: {
      ...{ basic_pipe: PIPE, seed: seed(), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ latent_image: LATENT, denoise: share(1), scheduler_func_opt: FUNCTION },
    },
    outputs: outs('BASIC_PIPE', 'LATENT', 'VAE'),
  },
  ImpactKSamplerAdvancedBasicPipe: {
    title: 'KSampler (Advanced/pipe)',
    operation: 'sample_part_by_pipe',
    category: 'ImpactPack/sampling',
    inputs: {
      ...{ basic_pipe: PIPE, add_noise: flag(true), noise_seed: seed(), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ latent_image: LATENT, start_at_step: int(0, [0, 10_000]), end_at_step: int(10_000, [0, 10_000]) },
      ...{ return_with_leftover_noise: flag(false), scheduler_func_opt: FUNCTION },
    },
    outputs: outs('BASIC_PIPE', 'LATENT', 'VAE'),
  },
});

/** @see github.com/WASasquatch/was-node-suite-comfyui WAS_KSampler, WAS_Latent_Upscale */
const WAS = ofPack('was-node-suite-comfyui', {
  'KSampler (WAS)': {
    operation: 'sample',
    category: 'WAS Suite/Sampling',
    inputs: {
      ...{ model: MODEL, seed: socket('SEED'), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ ...SIDES, latent_image: LATENT, denoise: share(1) },
    },
    outputs: outs('LATENT'),
  },
  'Latent Upscale by Factor (WAS)': {
    operation: 'scale_latent_by_corners',
    category: 'WAS Suite/Latent/Transform',
    inputs: {
      samples: LATENT,
      mode: choice(['area', 'bicubic', 'bilinear', 'nearest']),
      factor: float(2, [0.1, 8]),
      align: choice(['true', 'false']),
    },
    outputs: outs('LATENT'),
  },
});

/** @see github.com/ltdrdata/ComfyUI-Inspire-Pack a1111_compat.py KSampler_inspire */
const INSPIRE = ofPack('comfyui-inspire-pack', {
  'KSampler //Inspire': {
    operation: 'sample_with_noise_of',
    category: 'InspirePack/a1111_compat',
    inputs: {
      ...{ model: MODEL, seed: seed(), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ ...SIDES, latent_image: LATENT, denoise: share(1) },
      noise_mode: choice(['GPU(=A1111)', 'CPU']),
      batch_seed_mode: maybe(open(choice(['incremental', 'comfy']))),
      variation_seed: maybe(int(0, [0, 2n ** 64n - 1n])),
      variation_strength: maybe(share(0)),
    },
    outputs: outs('LATENT'),
  },
});

/** @see github.com/jags111/efficiency-nodes-comfyui TSC_KSamplerAdvanced, TSC_HighRes_Fix */
const EFFICIENCY = ofPack('efficiency-nodes-comfyui', {
  'HighRes-Fix Script': {
    operation: 'script_hires',
    category: 'Efficiency Nodes/Scripts',
    inputs: {
      upscale_type: choice(['latent', 'pixel', 'both']),
      hires_ckpt_name: file('checkpoints'),
      latent_upscaler: open(choice(LATENT_METHODS)),
      pixel_upscaler: file('upscale_models'),
      upscale_by: float(1.25, [0.01, 8, 0.05]),
      use_same_seed: flag(true),
      seed: { ...seed(), default: -1, min: -1 },
      ...{ hires_steps: int(12, [1, 10_000]), denoise: share(0.56), iterations: int(1, [0, 5]) },
      // A text where the pack's ControlNets are not installed.
      use_controlnet: { ...open(choice(['_'])), aliases: { true: 'true', false: '_' } },
      control_net_name: file('controlnet'),
      strength: float(1, [0, 10]),
      preprocessor: open(choice(['none'])),
      preprocessor_imgs: flag(false),
      script: maybe(socket('SCRIPT')),
    },
    outputs: outs('SCRIPT'),
  },
  'KSampler Adv. (Efficient)': {
    operation: 'sample_part_and_show',
    category: 'Efficiency Nodes/Sampling',
    inputs: {
      model: MODEL,
      add_noise: choice(['enable', 'disable']),
      noise_seed: { ...seed(), min: -3 },
      ...{ steps: steps(), cfg: cfg(7), ...SCHEDULED, ...SIDES, latent_image: LATENT },
      ...{ start_at_step: int(0, [0, 10_000]), end_at_step: int(10_000, [0, 10_000]) },
      return_with_leftover_noise: choice(['disable', 'enable']),
      preview_method: choice(['auto', 'latent2rgb', 'taesd', 'vae_decoded_only', 'none']),
      vae_decode: choice(['true', 'true (tiled)', 'false', 'output only', 'output only (tiled)']),
      optional_vae: maybe(VAE),
      script: maybe(socket('SCRIPT')),
    },
    outputs: outs(...['MODEL', 'CONDITIONING+:CONDITIONING', 'CONDITIONING-:CONDITIONING', 'LATENT', 'VAE', 'IMAGE']),
    isOutput: true,
  },
});

const sigma = () => maybe(float(-1, [-1, 1000]));

/** @see github.com/mcmonkeyprojects/SwarmUI SwarmKSampler.py, at 2026: KSampler (Advanced) with further values */
const SWARM = ofPack('mcmonkeyprojects/SwarmUI', {
  SwarmKSampler: {
    operation: 'sample_part_of_swarm',
    category: 'SwarmUI/sampling',
    inputs: {
      ...{ model: MODEL, noise_seed: seed(), steps: steps(), cfg: cfg(), ...SCHEDULED },
      ...{ ...SIDES, latent_image: LATENT, start_at_step: int(0, [0, 10_000]), end_at_step: int(10_000, [0, 10_000]) },
      ...{ var_seed: maybe(seed()), var_seed_strength: maybe(share(0)), sigma_max: sigma(), sigma_min: sigma() },
      ...{ rho: maybe(float(7, [0, 100])), add_noise: choice(['enable', 'disable']) },
      return_with_leftover_noise: choice(['disable', 'enable']),
      previews: maybe(open(choice(['default', 'none', 'one', 'second', 'iterate', 'animate']))),
      ...{ tile_sample: maybe(flag(false)), tile_size: maybe(int(1024, [256, 4096])) },
      model_negative: maybe(MODEL),
    },
    outputs: outs('LATENT'),
  },
});

export const SAMPLER_PACKS = { ...IMPACT, ...WAS, ...INSPIRE, ...EFFICIENCY, ...SWARM };
