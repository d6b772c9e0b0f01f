/** The table of schedule types, in the order of A1111's list, then Forge's, then those of distilled models and ComfyUI. */
import { alignYourStepsComfySigmas, alignYourStepsSigmas, gitsSigmas } from './align-your-steps';
import { betaComfySigmas, betaSigmas } from './beta';
import { ddimSigmas } from './ddim';
import { exponentialSigmas } from './exponential';
import { karrasSigmas } from './karras';
import { klOptimalComfySigmas, klOptimalSigmas } from './kl-optimal';
import { lcmSigmas } from './lcm';
import { normalSigmas } from './normal';
import { polyexponentialSigmas } from './polyexponential';
import type { ScheduleEntry } from './schedule';
import { sgmUniformSigmas } from './sgm-uniform';
import { simpleSigmas } from './simple';
import { sdTurboSigmas, turboSigmas } from './turbo';
import { uniformSigmas } from './uniform';

export const SCHEDULES = {
  /** Stands for the sampler's own default: see resolveSchedule. Without a sampler it is Uniform, as in A1111. */
  automatic: { label: 'Automatic', aliases: [], options: [], sigmas: uniformSigmas },
  uniform: { label: 'Uniform', aliases: [], options: [], sigmas: uniformSigmas },
  karras: {
    label: 'Karras',
    aliases: [],
    comfyName: 'karras',
    options: ['sigmaMin', 'sigmaMax', 'rho'],
    sigmas: karrasSigmas,
  },
  exponential: {
    label: 'Exponential',
    aliases: [],
    comfyName: 'exponential',
    options: ['sigmaMin', 'sigmaMax'],
    sigmas: exponentialSigmas,
  },
  polyexponential: {
    label: 'Polyexponential',
    aliases: [],
    options: ['sigmaMin', 'sigmaMax', 'rho'],
    sigmas: polyexponentialSigmas,
  },
  sgm_uniform: {
    label: 'SGM Uniform',
    aliases: ['SGMUniform'],
    comfyName: 'sgm_uniform',
    options: ['sigmaMin', 'sigmaMax'],
    sigmas: sgmUniformSigmas,
  },
  kl_optimal: { label: 'KL Optimal', aliases: [], options: ['sigmaMin', 'sigmaMax'], sigmas: klOptimalSigmas },
  align_your_steps: { label: 'Align Your Steps', aliases: [], options: ['optimisedFor'], sigmas: alignYourStepsSigmas },
  simple: { label: 'Simple', aliases: [], comfyName: 'simple', options: [], sigmas: simpleSigmas },
  normal: {
    label: 'Normal',
    aliases: [],
    comfyName: 'normal',
    options: ['sigmaMin', 'sigmaMax'],
    sigmas: normalSigmas,
  },
  ddim: { label: 'DDIM', aliases: [], comfyName: 'ddim_uniform', options: [], sigmas: ddimSigmas },
  beta: {
    label: 'Beta',
    aliases: [],
    options: ['sigmaMin', 'sigmaMax', 'betaAlpha', 'betaBeta'],
    sigmas: betaSigmas,
  },
  align_your_steps_gits: { label: 'Align Your Steps GITS', aliases: [], options: ['optimisedFor'], sigmas: gitsSigmas },
  turbo: { label: 'Turbo', aliases: [], options: [], sigmas: turboSigmas },
  lcm: { label: 'LCM', aliases: [], options: [], sigmas: lcmSigmas },
  /** ComfyUI's SDTurboScheduler node. */
  sd_turbo: { label: 'SD Turbo (ComfyUI)', aliases: [], options: [], sigmas: sdTurboSigmas },
  beta_comfy: {
    label: 'Beta (ComfyUI)',
    aliases: [],
    comfyName: 'beta',
    options: ['betaAlpha', 'betaBeta'],
    sigmas: betaComfySigmas,
  },
  kl_optimal_comfy: {
    label: 'KL Optimal (ComfyUI)',
    aliases: [],
    comfyName: 'kl_optimal',
    options: ['sigmaMin', 'sigmaMax'],
    sigmas: klOptimalComfySigmas,
  },
  /** ComfyUI's AlignYourStepsScheduler node. */
  align_your_steps_comfy: {
    label: 'Align Your Steps (ComfyUI)',
    aliases: [],
    options: ['optimisedFor'],
    sigmas: alignYourStepsComfySigmas,
  },
} as const satisfies Record<string, ScheduleEntry>;

export type ScheduleId = keyof typeof SCHEDULES;

/** A schedule that says by itself what its sigmas are. */
export type ResolvedScheduleId = Exclude<ScheduleId, 'automatic'>;
