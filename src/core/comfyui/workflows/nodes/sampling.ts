/** Samplers, schedules, guiders and noise. @see ComfyUI nodes.py, comfy_extras/nodes_custom_sampler.py, nodes_advanced_samplers.py, nodes_align_your_steps.py, nodes_gits.py */
import { samplerName, schedulerName, TOGGLE } from './choices';
import {
  choice,
  CONDITIONING,
  flag,
  float,
  GUIDER,
  int,
  LATENT,
  MODEL,
  multiline,
  NOISE,
  outs,
  SAMPLER,
  seed,
  share,
  SIGMAS,
  type NodeTable,
} from './spec';

const steps = (value = 20, max = 10_000) => int(value, [1, max]);
const cfg = () => float(8, [0, 100, 0.1]);
const SIDES = { positive: CONDITIONING, negative: CONDITIONING };
const sigma = (value: number) => float(value, [0, 5000]);
const SIGMA_RANGE = { sigma_max: sigma(14.614642), sigma_min: sigma(0.0291675) };
const eta = (value = 1) => float(value, [0, 100]);
const noiseDevice = () => choice(['gpu', 'cpu']);
const SIGMAS_OUT = outs('SIGMAS');
const SAMPLER_OUT = outs('SAMPLER');
const BOTH = outs('output:LATENT', 'denoised_output:LATENT');
const SCHEDULERS = 'sampling/custom_sampling/schedulers';
const SAMPLERS = 'sampling/custom_sampling/samplers';
const GUIDERS = 'sampling/custom_sampling/guiders';

export const SAMPLING = {
  KSampler: {
    operation: 'sample',
    category: 'sampling',
    inputs: {
      model: MODEL,
      seed: seed(),
      steps: steps(),
      cfg: cfg(),
      sampler_name: samplerName(),
      scheduler: schedulerName(),
      ...SIDES,
      latent_image: LATENT,
      denoise: share(1),
    },
    outputs: outs('LATENT'),
  },
  KSamplerAdvanced: {
    title: 'KSampler (Advanced)',
    operation: 'sample_part',
    category: 'sampling',
    inputs: {
      model: MODEL,
      add_noise: choice(TOGGLE),
      noise_seed: seed(),
      steps: steps(),
      cfg: cfg(),
      sampler_name: samplerName(),
      scheduler: schedulerName(),
      ...SIDES,
      latent_image: LATENT,
      start_at_step: int(0, [0, 10_000]),
      end_at_step: int(10_000, [0, 10_000]),
      return_with_leftover_noise: choice(TOGGLE, 'disable'),
    },
    outputs: outs('LATENT'),
  },
  SamplerCustom: {
    operation: 'sample_custom',
    category: 'sampling/custom_sampling',
    inputs: {
      model: MODEL,
      add_noise: flag(true),
      noise_seed: seed(),
      cfg: cfg(),
      ...SIDES,
      sampler: SAMPLER,
      sigmas: SIGMAS,
      latent_image: LATENT,
    },
    outputs: BOTH,
  },
  SamplerCustomAdvanced: {
    operation: 'sample_guided',
    category: 'sampling/custom_sampling',
    inputs: { noise: NOISE, guider: GUIDER, sampler: SAMPLER, sigmas: SIGMAS, latent_image: LATENT },
    outputs: BOTH,
  },
  BasicGuider: {
    operation: 'guide_by_one',
    category: GUIDERS,
    inputs: { model: MODEL, conditioning: CONDITIONING },
    outputs: outs('GUIDER'),
  },
  CFGGuider: {
    operation: 'guide_by_two',
    category: GUIDERS,
    inputs: { model: MODEL, ...SIDES, cfg: cfg() },
    outputs: outs('GUIDER'),
  },
  DualCFGGuider: {
    operation: 'guide_by_three',
    category: GUIDERS,
    inputs: {
      model: MODEL,
      cond1: CONDITIONING,
      cond2: CONDITIONING,
      negative: CONDITIONING,
      cfg_conds: cfg(),
      cfg_cond2_negative: cfg(),
      style: choice(['regular', 'nested']),
    },
    outputs: outs('GUIDER'),
  },
  PerpNegGuider: {
    operation: 'guide_by_perp',
    category: '_for_testing',
    inputs: {
      model: MODEL,
      ...SIDES,
      empty_conditioning: CONDITIONING,
      cfg: cfg(),
      neg_scale: float(1, [0, 100]),
    },
    outputs: outs('GUIDER'),
  },
  RandomNoise: {
    operation: 'random_noise',
    category: 'sampling/custom_sampling/noise',
    inputs: { noise_seed: seed() },
    outputs: outs('NOISE'),
  },
  DisableNoise: {
    operation: 'no_noise',
    category: 'sampling/custom_sampling/noise',
    inputs: {},
    outputs: outs('NOISE'),
  },
  AddNoise: {
    operation: 'add_noise',
    category: '_for_testing/custom_sampling/noise',
    inputs: { model: MODEL, noise: NOISE, sigmas: SIGMAS, latent_image: LATENT },
    outputs: outs('LATENT'),
  },
  KSamplerSelect: {
    operation: 'choose_sampler',
    category: SAMPLERS,
    inputs: { sampler_name: samplerName() },
    outputs: SAMPLER_OUT,
  },
  SamplerEulerAncestral: {
    operation: 'sampler_euler_a',
    category: SAMPLERS,
    inputs: { eta: eta(), s_noise: eta() },
    outputs: SAMPLER_OUT,
  },
  SamplerEulerCFGpp: {
    title: 'SamplerEulerCFG++',
    operation: 'sampler_euler_cfg_pp',
    category: '_for_testing',
    inputs: { version: choice(['regular', 'alternative']) },
    outputs: SAMPLER_OUT,
  },
  SamplerEulerAncestralCFGPP: {
    title: 'SamplerEulerAncestralCFG++',
    operation: 'sampler_euler_a_cfg_pp',
    category: SAMPLERS,
    inputs: { eta: float(1, [0, 1]), s_noise: float(1, [0, 10]) },
    outputs: SAMPLER_OUT,
  },
  SamplerDPMPP_2S_Ancestral: {
    operation: 'sampler_dpmpp_2s_a',
    category: SAMPLERS,
    inputs: { eta: eta(), s_noise: eta() },
    outputs: SAMPLER_OUT,
  },
  SamplerDPMPP_SDE: {
    operation: 'sampler_dpmpp_sde',
    category: SAMPLERS,
    inputs: { eta: eta(), s_noise: eta(), r: eta(0.5), noise_device: noiseDevice() },
    outputs: SAMPLER_OUT,
  },
  SamplerDPMPP_2M_SDE: {
    operation: 'sampler_dpmpp_2m_sde',
    category: SAMPLERS,
    inputs: {
      solver_type: choice(['midpoint', 'heun']),
      eta: eta(),
      s_noise: eta(),
      noise_device: noiseDevice(),
    },
    outputs: SAMPLER_OUT,
  },
  SamplerDPMPP_3M_SDE: {
    operation: 'sampler_dpmpp_3m_sde',
    category: SAMPLERS,
    inputs: { eta: eta(), s_noise: eta(), noise_device: noiseDevice() },
    outputs: SAMPLER_OUT,
  },
  SamplerLMS: {
    operation: 'sampler_lms',
    category: SAMPLERS,
    inputs: { order: int(4, [1, 100]) },
    outputs: SAMPLER_OUT,
  },
  SamplerDPMAdaptative: {
    operation: 'sampler_adaptive',
    category: SAMPLERS,
    inputs: {
      order: int(3, [2, 3]),
      rtol: eta(0.05),
      atol: eta(0.0078),
      h_init: eta(0.05),
      pcoeff: eta(0),
      icoeff: eta(1),
      dcoeff: eta(0),
      accept_safety: eta(0.81),
      eta: eta(0),
      s_noise: eta(),
    },
    outputs: SAMPLER_OUT,
  },
  BasicScheduler: {
    operation: 'sigmas_of_schedule',
    category: SCHEDULERS,
    inputs: { model: MODEL, scheduler: schedulerName(), steps: steps(), denoise: share(1) },
    outputs: SIGMAS_OUT,
  },
  KarrasScheduler: {
    operation: 'sigmas_karras',
    category: SCHEDULERS,
    inputs: { steps: steps(), ...SIGMA_RANGE, rho: eta(7) },
    outputs: SIGMAS_OUT,
  },
  ExponentialScheduler: {
    operation: 'sigmas_exponential',
    category: SCHEDULERS,
    inputs: { steps: steps(), ...SIGMA_RANGE },
    outputs: SIGMAS_OUT,
  },
  PolyexponentialScheduler: {
    operation: 'sigmas_polyexponential',
    category: SCHEDULERS,
    inputs: { steps: steps(), ...SIGMA_RANGE, rho: eta(1) },
    outputs: SIGMAS_OUT,
  },
  LaplaceScheduler: {
    operation: 'sigmas_laplace',
    category: SCHEDULERS,
    inputs: { steps: steps(), ...SIGMA_RANGE, mu: float(0, [-10, 10, 0.1]), beta: float(0.5, [0, 10, 0.1]) },
    outputs: SIGMAS_OUT,
  },
  VPScheduler: {
    operation: 'sigmas_vp',
    category: SCHEDULERS,
    inputs: { steps: steps(), beta_d: sigma(19.9), beta_min: sigma(0.1), eps_s: float(0.001, [0, 1, 0.0001]) },
    outputs: SIGMAS_OUT,
  },
  BetaSamplingScheduler: {
    operation: 'sigmas_beta',
    category: SCHEDULERS,
    inputs: { model: MODEL, steps: steps(), alpha: float(0.6, [0, 50]), beta: float(0.6, [0, 50]) },
    outputs: SIGMAS_OUT,
  },
  SDTurboScheduler: {
    operation: 'sigmas_turbo',
    category: SCHEDULERS,
    inputs: { model: MODEL, steps: steps(1, 10), denoise: share(1) },
    outputs: SIGMAS_OUT,
  },
  AlignYourStepsScheduler: {
    operation: 'sigmas_align',
    category: SCHEDULERS,
    inputs: { model_type: choice(['SD1', 'SDXL', 'SVD']), steps: steps(10), denoise: share(1) },
    outputs: SIGMAS_OUT,
  },
  GITSScheduler: {
    operation: 'sigmas_gits',
    category: SCHEDULERS,
    inputs: { coeff: float(1.2, [0.8, 1.5, 0.05]), steps: int(10, [2, 1000]), denoise: share(1) },
    outputs: SIGMAS_OUT,
  },
  ManualSigmas: {
    operation: 'sigmas_written',
    category: SCHEDULERS,
    inputs: { sigmas: multiline('1, 0.5') },
    outputs: SIGMAS_OUT,
  },
  SplitSigmas: {
    operation: 'split_sigmas',
    category: 'sampling/custom_sampling/sigmas',
    inputs: { sigmas: SIGMAS, step: int(0, [0, 10_000]) },
    outputs: outs('high_sigmas:SIGMAS', 'low_sigmas:SIGMAS'),
  },
  SplitSigmasDenoise: {
    operation: 'split_sigmas_by_share',
    category: 'sampling/custom_sampling/sigmas',
    inputs: { sigmas: SIGMAS, denoise: share(1) },
    outputs: outs('high_sigmas:SIGMAS', 'low_sigmas:SIGMAS'),
  },
  FlipSigmas: {
    operation: 'flip_sigmas',
    category: 'sampling/custom_sampling/sigmas',
    inputs: { sigmas: SIGMAS },
    outputs: SIGMAS_OUT,
  },
  SetFirstSigma: {
    operation: 'set_first_sigma',
    category: 'sampling/custom_sampling/sigmas',
    inputs: { sigmas: SIGMAS, sigma: float(136, [0, 20_000, 0.001]) },
    outputs: SIGMAS_OUT,
  },
} as const satisfies NodeTable;
