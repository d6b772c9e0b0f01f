/** What each sampler of the table does. Apart from it, so that the page, which only names samplers, does not load them. */
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
import { sampleErSde } from './er-sde';
import { sampleEuler } from './euler';
import { sampleEulerAncestral } from './euler-ancestral';
import { sampleGradientEstimation, sampleGradientEstimationCfgPp } from './gradient-estimation';
import { sampleHeun } from './heun';
import { sampleHeunpp2 } from './heunpp2';
import { sampleIpndm } from './ipndm';
import { sampleIpndmV } from './ipndm-v';
import { sampleLcm } from './lcm';
import { sampleLms } from './lms';
import { samplePlms } from './plms';
import {
  sampleResMultistep,
  sampleResMultistepAncestral,
  sampleResMultistepAncestralCfgPp,
  sampleResMultistepCfgPp,
} from './res-multistep';
import { sampleRestart } from './restart';
import { sampleSaSolver, sampleSaSolverPece } from './sa-solver';
import type { RunnableSampler, SampleFormula } from './sampler';
import { sampleExpHeun, sampleExpHeunSde, sampleSeeds2, sampleSeeds3 } from './seeds';
import { sampleTcd } from './tcd';
import { sampleUniPc, sampleUniPcBh2 } from './uni-pc';
import { SAMPLERS, type SamplerId } from './table';

const FORMULAS: Readonly<Record<SamplerId, SampleFormula>> = {
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
  res_multistep: sampleResMultistep,
  res_multistep_ancestral: sampleResMultistepAncestral,
  res_multistep_cfg_pp: sampleResMultistepCfgPp,
  res_multistep_ancestral_cfg_pp: sampleResMultistepAncestralCfgPp,
  gradient_estimation: sampleGradientEstimation,
  gradient_estimation_cfg_pp: sampleGradientEstimationCfgPp,
  er_sde: sampleErSde,
  seeds_2: sampleSeeds2,
  seeds_3: sampleSeeds3,
  exp_heun_2_x0: sampleExpHeun,
  exp_heun_2_x0_sde: sampleExpHeunSde,
  sa_solver: sampleSaSolver,
  sa_solver_pece: sampleSaSolverPece,
  uni_pc_bh2: sampleUniPcBh2,
};

const entry = (id: SamplerId): RunnableSampler => ({ ...SAMPLERS[id], sample: FORMULAS[id] });

/** The table, with what each does. */
export const RUNNABLE = Object.fromEntries(Object.keys(FORMULAS).map((id) => [id, entry(id as SamplerId)])) as Readonly<
  Record<SamplerId, RunnableSampler>
>;
