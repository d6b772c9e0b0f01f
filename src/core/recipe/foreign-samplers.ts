/** Names of samplers in other programs, without case, `-`, `_`, spaces and `k_`. A name with a schedule in it is not here. */
import type { SamplerId } from '../samplers';

export const FOREIGN_NAMES: readonly (readonly [name: string, sampler: SamplerId])[] = [
  // Short forms: InvokeAI, Easy Diffusion, AI Horde, stable-diffusion.cpp, SD.Next
  ['eulera', 'euler_ancestral'],
  ['dpm2a', 'dpm_2_ancestral'],
  ['kdpm2', 'dpm_2'],
  ['kdpm2a', 'dpm_2_ancestral'],
  ['kdpm2ancestral', 'dpm_2_ancestral'],
  ['dpmpp2sa', 'dpmpp_2s_ancestral'],
  ['dpmadaptive', 'dpm_adaptive'],
  ['dpmfast', 'dpm_fast'],
  ['lmsd', 'lms'],
  ['pndm', 'plms'],
  ['dpmsde', 'dpmpp_sde'],
  ['unipcmultistep', 'uni_pc'],
  // diffusers
  ['eulerdiscretescheduler', 'euler'],
  ['eulerancestraldiscretescheduler', 'euler_ancestral'],
  ['eulerdiscrete', 'euler'],
  ['eulerancestraldiscrete', 'euler_ancestral'],
  ['ddimscheduler', 'ddim'],
  ['ddpmscheduler', 'ddpm'],
  ['pndmscheduler', 'plms'],
  ['lmsdiscretescheduler', 'lms'],
  ['lmsdiscrete', 'lms'],
  ['heundiscretescheduler', 'heun'],
  ['heundiscrete', 'heun'],
  ['dpmsolvermultistepscheduler', 'dpmpp_2m'],
  ['dpmsolvermultistep', 'dpmpp_2m'],
  ['dpmsolversdescheduler', 'dpmpp_sde'],
  ['kdpm2discretescheduler', 'dpm_2'],
  ['kdpm2ancestraldiscretescheduler', 'dpm_2_ancestral'],
  ['deismultistepscheduler', 'deis'],
  ['unipcmultistepscheduler', 'uni_pc'],
  ['lcmscheduler', 'lcm'],
  ['tcdscheduler', 'tcd'],
  // Other spellings
  ['dpmpp2mkdiffusion', 'dpmpp_2m'],
  ['eulerancestral', 'euler_ancestral'],
  ['dpmppsdegpu', 'dpmpp_sde'],
  ['ddimv3', 'ddim'],
];
