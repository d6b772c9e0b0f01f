/** ComfyUI's words that several nodes choose from. */
import { choice, type ChoiceWidget } from './spec';

/** @see ComfyUI comfy/samplers.py KSAMPLER_NAMES, SAMPLER_NAMES */
export const SAMPLER_NAMES = [
  'euler',
  'euler_cfg_pp',
  'euler_ancestral',
  'euler_ancestral_cfg_pp',
  'heun',
  'heunpp2',
  'exp_heun_2_x0',
  'exp_heun_2_x0_sde',
  'dpm_2',
  'dpm_2_ancestral',
  'lms',
  'dpm_fast',
  'dpm_adaptive',
  'dpmpp_2s_ancestral',
  'dpmpp_2s_ancestral_cfg_pp',
  'dpmpp_sde',
  'dpmpp_sde_gpu',
  'dpmpp_2m',
  'dpmpp_2m_cfg_pp',
  'dpmpp_2m_sde',
  'dpmpp_2m_sde_gpu',
  'dpmpp_2m_sde_heun',
  'dpmpp_2m_sde_heun_gpu',
  'dpmpp_3m_sde',
  'dpmpp_3m_sde_gpu',
  'ddpm',
  'lcm',
  'ipndm',
  'ipndm_v',
  'deis',
  'res_multistep',
  'res_multistep_cfg_pp',
  'res_multistep_ancestral',
  'res_multistep_ancestral_cfg_pp',
  'gradient_estimation',
  'gradient_estimation_cfg_pp',
  'er_sde',
  'seeds_2',
  'seeds_3',
  'sa_solver',
  'sa_solver_pece',
  'ddim',
  'uni_pc',
  'uni_pc_bh2',
] as const;

/** @see ComfyUI comfy/samplers.py SCHEDULER_HANDLERS */
export const SCHEDULER_NAMES = [
  'simple',
  'sgm_uniform',
  'karras',
  'exponential',
  'ddim_uniform',
  'beta',
  'normal',
  'linear_quadratic',
  'kl_optimal',
] as const;

/** Files of early 2023 have "sample_euler". */
const OLD_NAMES = Object.fromEntries(SAMPLER_NAMES.map((name) => [`sample_${name}`, name]));

export const samplerName = (): ChoiceWidget => ({ ...choice(SAMPLER_NAMES), aliases: OLD_NAMES });
export const schedulerName = (): ChoiceWidget => choice(SCHEDULER_NAMES);

export const IMAGE_METHODS = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] as const;
export const LATENT_METHODS = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp'] as const;
export const CROPS = ['disabled', 'center'] as const;
export const ROTATIONS = ['none', '90 degrees', '180 degrees', '270 degrees'] as const;
export const FLIPS = ['x-axis: vertically', 'y-axis: horizontally'] as const;
export const TOGGLE = ['enable', 'disable'] as const;
export const DEVICES = ['default', 'cpu'] as const;

/** What a Union ControlNet is told that its hint is. @see ComfyUI comfy/cldm/control_types.py UNION_CONTROLNET_TYPES */
export const UNION_TYPES = [
  'auto',
  'openpose',
  'depth',
  'hed/pidi/scribble/ted',
  'canny/lineart/anime_lineart/mlsd',
  'normal',
  'segment',
  'tile',
  'repaint',
] as const;
