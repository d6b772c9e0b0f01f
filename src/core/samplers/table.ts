/** The table of samplers, in the order of A1111's list, then Forge's. */
import { lcmSchedule } from '../schedules';
import { DDIM, sampleDdim } from './ddim';
import { sampleDdimCfgPp } from './ddim-cfg-pp';
import { sampleDdpm } from './ddpm';
import { sampleDeis } from './deis';
import { sampleDpm2 } from './dpm-2';
import { sampleDpm2Ancestral } from './dpm-2-ancestral';
import { sampleDpmAdaptive } from './dpm-adaptive';
import { dpmFastOrders, sampleDpmFast } from './dpm-fast';
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
import { ANCESTRAL, CHURN } from './options';
import { timestepSigmas, uniPcSigmas, wholeRange } from './own-sigmas';
import { samplePlms } from './plms';
import { RESTART, sampleRestart } from './restart';
import type { SamplerEntry } from './sampler';
import { sampleUniPc } from './uni-pc';

const once = (steps: number): number => steps;
const twice = (steps: number): number => 2 * steps - 1;

/** @see A1111 modules/sd_samplers_kdiffusion.py, sd_samplers_timesteps.py, sd_samplers_lcm.py; Forge alter_samplers.py */
export const SAMPLERS = {
  dpmpp_2m: {
    label: 'DPM++ 2M',
    aliases: ['k_dpmpp_2m'],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'karras',
    order: 2,
    modelCalls: once,
    sample: sampleDpmpp2m,
  },
  dpmpp_sde: {
    label: 'DPM++ SDE',
    aliases: ['k_dpmpp_sde', 'dpmpp_sde_gpu'],
    noiseKind: 'brownian',
    options: ANCESTRAL,
    defaultSchedule: 'karras',
    countsDouble: true,
    order: 2,
    modelCalls: twice,
    sample: sampleDpmppSde,
  },
  dpmpp_2m_sde: {
    label: 'DPM++ 2M SDE',
    aliases: ['k_dpmpp_2m_sde', 'dpmpp_2m_sde_gpu'],
    noiseKind: 'brownian',
    options: ANCESTRAL,
    defaultSchedule: 'exponential',
    order: 2,
    modelCalls: once,
    sample: sampleDpmpp2mSde,
  },
  dpmpp_2m_sde_heun: {
    label: 'DPM++ 2M SDE Heun',
    aliases: ['k_dpmpp_2m_sde_heun', 'dpmpp_2m_sde_heun_gpu'],
    noiseKind: 'brownian',
    options: ANCESTRAL,
    defaultSchedule: 'exponential',
    order: 2,
    modelCalls: once,
    sample: sampleDpmpp2mSdeHeun,
  },
  dpmpp_2s_ancestral: {
    label: 'DPM++ 2S a',
    aliases: ['k_dpmpp_2s_a'],
    noiseKind: 'draws',
    options: ANCESTRAL,
    defaultSchedule: 'karras',
    countsDouble: true,
    usesEnsd: true,
    order: 2,
    modelCalls: twice,
    sample: sampleDpmpp2sAncestral,
  },
  dpmpp_3m_sde: {
    label: 'DPM++ 3M SDE',
    aliases: ['k_dpmpp_3m_sde', 'dpmpp_3m_sde_gpu'],
    noiseKind: 'brownian',
    options: ANCESTRAL,
    defaultSchedule: 'exponential',
    discardsPenultimate: ['a1111'],
    order: 2,
    modelCalls: once,
    sample: sampleDpmpp3mSde,
  },
  euler_ancestral: {
    label: 'Euler a',
    aliases: ['k_euler_a', 'k_euler_ancestral'],
    noiseKind: 'draws',
    options: ANCESTRAL,
    defaultSchedule: 'uniform',
    usesEnsd: true,
    order: 1,
    modelCalls: once,
    sample: sampleEulerAncestral,
  },
  euler: {
    label: 'Euler',
    aliases: ['k_euler'],
    noiseKind: 'none',
    options: CHURN,
    defaultSchedule: 'uniform',
    order: 1,
    modelCalls: once,
    sample: sampleEuler,
  },
  lms: {
    label: 'LMS',
    aliases: ['k_lms'],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    order: 3,
    modelCalls: once,
    sample: sampleLms,
  },
  heun: {
    label: 'Heun',
    aliases: ['k_heun'],
    noiseKind: 'none',
    options: CHURN,
    defaultSchedule: 'uniform',
    countsDouble: true,
    order: 2,
    modelCalls: twice,
    sample: sampleHeun,
  },
  dpm_2: {
    label: 'DPM2',
    aliases: ['k_dpm_2'],
    noiseKind: 'none',
    options: CHURN,
    defaultSchedule: 'karras',
    discardsPenultimate: ['a1111', 'comfyui'],
    countsDouble: true,
    order: 2,
    modelCalls: twice,
    sample: sampleDpm2,
  },
  dpm_2_ancestral: {
    label: 'DPM2 a',
    aliases: ['k_dpm_2_a'],
    noiseKind: 'draws',
    options: ANCESTRAL,
    defaultSchedule: 'karras',
    discardsPenultimate: ['a1111', 'comfyui'],
    countsDouble: true,
    usesEnsd: true,
    order: 2,
    modelCalls: twice,
    sample: sampleDpm2Ancestral,
  },
  dpm_fast: {
    label: 'DPM fast',
    aliases: ['k_dpm_fast'],
    noiseKind: 'draws',
    options: ANCESTRAL,
    comfyOptions: { eta: 0 },
    defaultSchedule: 'uniform',
    ownSigmas: wholeRange,
    usesEnsd: true,
    order: 3,
    reports: (steps) => dpmFastOrders(steps).length,
    modelCalls: once,
    sample: sampleDpmFast,
  },
  dpm_adaptive: {
    label: 'DPM adaptive',
    aliases: ['k_dpm_ad'],
    noiseKind: 'draws',
    options: ANCESTRAL,
    comfyOptions: { eta: 0 },
    defaultSchedule: 'uniform',
    ownSigmas: wholeRange,
    usesEnsd: true,
    order: 3,
    reports: () => undefined,
    modelCalls: () => undefined,
    sample: sampleDpmAdaptive,
  },
  restart: {
    label: 'Restart',
    aliases: [],
    noiseKind: 'draws',
    options: RESTART,
    defaultSchedule: 'karras',
    countsDouble: true,
    order: 2,
    modelCalls: twice,
    sample: sampleRestart,
  },
  ddim: {
    label: 'DDIM',
    aliases: [],
    noiseKind: 'none',
    options: DDIM,
    defaultSchedule: 'uniform',
    ownSigmas: timestepSigmas,
    variancePreserving: true,
    order: 1,
    modelCalls: once,
    sample: sampleDdim,
  },
  ddim_cfg_pp: {
    label: 'DDIM CFG++',
    aliases: ['ddim_cfgpp'],
    noiseKind: 'none',
    options: DDIM,
    defaultSchedule: 'uniform',
    ownSigmas: timestepSigmas,
    variancePreserving: true,
    needsUncond: true,
    cfgScaleFactor: 1 / 12.5,
    order: 1,
    modelCalls: once,
    sample: sampleDdimCfgPp,
  },
  plms: {
    label: 'PLMS',
    aliases: [],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    ownSigmas: timestepSigmas,
    variancePreserving: true,
    order: 2,
    modelCalls: (steps) => steps + 1,
    sample: samplePlms,
  },
  uni_pc: {
    label: 'UniPC',
    aliases: ['unipc'],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    ownSigmas: uniPcSigmas,
    variancePreserving: true,
    order: 2,
    modelCalls: once,
    sample: sampleUniPc,
  },
  lcm: {
    label: 'LCM',
    aliases: ['k_lcm'],
    noiseKind: 'draws',
    options: {},
    defaultSchedule: 'lcm',
    modelSchedule: lcmSchedule,
    order: 1,
    modelCalls: once,
    sample: sampleLcm,
  },
  ddpm: {
    label: 'DDPM',
    aliases: [],
    noiseKind: 'draws',
    options: {},
    defaultSchedule: 'uniform',
    order: 1,
    modelCalls: once,
    sample: sampleDdpm,
  },
  heunpp2: {
    label: 'HeunPP2',
    aliases: [],
    noiseKind: 'none',
    options: CHURN,
    defaultSchedule: 'uniform',
    order: 1,
    modelCalls: (steps) => Math.max(1, 3 * steps - 3),
    sample: sampleHeunpp2,
  },
  ipndm: {
    label: 'IPNDM',
    aliases: [],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    order: 2,
    modelCalls: once,
    sample: sampleIpndm,
  },
  ipndm_v: {
    label: 'IPNDM_V',
    aliases: [],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    order: 2,
    modelCalls: once,
    sample: sampleIpndmV,
  },
  deis: {
    label: 'DEIS',
    aliases: [],
    noiseKind: 'none',
    options: {},
    defaultSchedule: 'uniform',
    order: 2,
    modelCalls: once,
    sample: sampleDeis,
  },
} as const satisfies Record<string, SamplerEntry>;

export type SamplerId = keyof typeof SAMPLERS;
