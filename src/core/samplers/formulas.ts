/**
 * The formula of each sampler, beside what SAMPLERS says of it: a page that lists samplers and never runs one leaves them out.
 * One missing does not compile.
 */
import { sampleDpmpp2mCfgPp, sampleDpmpp2sAncestralCfgPp, sampleEulerAncestralCfgPp, sampleEulerCfgPp } from './cfg-pp';
import { sampleDdim } from './ddim';
import { sampleDdimCfgPp } from './ddim-cfg-pp';
import { sampleDdpm } from './ddpm';
import { sampleDeis } from './deis';
import { sampleDpm2 } from './dpm-2';
import { sampleDpm2Ancestral } from './dpm-2-ancestral';
import { sampleDpmAdaptive } from './dpm-adaptive';
import { sampleDpmFast } from './dpm-fast';
import { sampleDpmpp2m } from './dpmpp-2m';
import { sampleDpmpp2mSde } from './dpmpp-2m-sde';
import { sampleDpmpp2mSdeHeun } from './dpmpp-2m-sde-heun';
import { sampleDpmpp2sAncestral } from './dpmpp-2s-ancestral';
import { sampleDpmpp3mSde } from './dpmpp-3m-sde';
import { sampleDpmppSde } from './dpmpp-sde';
import { sampleEuler } from './euler';
import { sampleEulerAncestral } from './euler-ancestral';
import { sampleHeun } from './heun';
import { sampleHeunpp2 } from './heunpp2';
import { sampleIpndm } from './ipndm';
import { sampleIpndmV } from './ipndm-v';
import { sampleLcm } from './lcm';
import { sampleLms } from './lms';
import { samplePlms } from './plms';
import { sampleRestart } from './restart';
import type { Formula, Sampler } from './sampler';
import { SAMPLERS, type SamplerId } from './table';
import { sampleTcd } from './tcd';
import { sampleUniPc } from './uni-pc';

const FORMULAS = {
  dpmpp_2m: sampleDpmpp2m,
  dpmpp_sde: sampleDpmppSde,
  dpmpp_2m_sde: sampleDpmpp2mSde,
  dpmpp_2m_sde_heun: sampleDpmpp2mSdeHeun,
  dpmpp_2s_ancestral: sampleDpmpp2sAncestral,
  dpmpp_3m_sde: sampleDpmpp3mSde,
  euler_ancestral: sampleEulerAncestral,
  euler: sampleEuler,
  lms: sampleLms,
  heun: sampleHeun,
  dpm_2: sampleDpm2,
  dpm_2_ancestral: sampleDpm2Ancestral,
  dpm_fast: sampleDpmFast,
  dpm_adaptive: sampleDpmAdaptive,
  restart: sampleRestart,
  ddim: sampleDdim,
  ddim_cfg_pp: sampleDdimCfgPp,
  plms: samplePlms,
  uni_pc: sampleUniPc,
  lcm: sampleLcm,
  ddpm: sampleDdpm,
  heunpp2: sampleHeunpp2,
  ipndm: sampleIpndm,
  ipndm_v: sampleIpndmV,
  deis: sampleDeis,
  tcd: sampleTcd,
  euler_cfg_pp: sampleEulerCfgPp,
  euler_ancestral_cfg_pp: sampleEulerAncestralCfgPp,
  dpmpp_2m_cfg_pp: sampleDpmpp2mCfgPp,
  dpmpp_2s_ancestral_cfg_pp: sampleDpmpp2sAncestralCfgPp,
} as const satisfies Record<SamplerId, Formula>;

/** What runs. */
export function samplerOf(id: SamplerId): Sampler {
  return { ...SAMPLERS[id], sample: FORMULAS[id] };
}
