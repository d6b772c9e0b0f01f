/** The table of schedule types, in the order of A1111's list, then Forge's, then those of distilled models and ComfyUI. Their formulas are `formulas.ts`. */
import type { ScheduleEntry } from './schedule';

export const SCHEDULES = {
  /** Stands for the sampler's own default: see resolveSchedule. Without a sampler it is Uniform, as in A1111. */
  automatic: { label: 'Automatic', aliases: [], options: [] },
  uniform: { label: 'Uniform', aliases: [], options: [] },
  karras: {
    label: 'Karras',
    aliases: [],
    comfyName: 'karras',
    options: ['sigmaMin', 'sigmaMax', 'rho'],
  },
  exponential: {
    label: 'Exponential',
    aliases: [],
    comfyName: 'exponential',
    options: ['sigmaMin', 'sigmaMax'],
  },
  polyexponential: {
    label: 'Polyexponential',
    aliases: [],
    options: ['sigmaMin', 'sigmaMax', 'rho'],
  },
  sgm_uniform: {
    label: 'SGM Uniform',
    aliases: ['SGMUniform'],
    comfyName: 'sgm_uniform',
    options: ['sigmaMin', 'sigmaMax'],
  },
  kl_optimal: { label: 'KL Optimal', aliases: [], options: ['sigmaMin', 'sigmaMax'] },
  align_your_steps: { label: 'Align Your Steps', aliases: [], options: ['optimisedFor'] },
  simple: { label: 'Simple', aliases: [], comfyName: 'simple', options: [] },
  normal: {
    label: 'Normal',
    aliases: [],
    comfyName: 'normal',
    options: ['sigmaMin', 'sigmaMax'],
  },
  ddim: { label: 'DDIM', aliases: [], comfyName: 'ddim_uniform', options: [] },
  beta: {
    label: 'Beta',
    aliases: [],
    options: ['sigmaMin', 'sigmaMax', 'betaAlpha', 'betaBeta'],
  },
  align_your_steps_gits: { label: 'Align Your Steps GITS', aliases: [], options: ['optimisedFor'] },
  turbo: { label: 'Turbo', aliases: [], options: [] },
  lcm: { label: 'LCM', aliases: [], options: [] },
  /** ComfyUI's SDTurboScheduler node. */
  sd_turbo: { label: 'SD Turbo (ComfyUI)', aliases: [], options: [] },
  beta_comfy: {
    label: 'Beta (ComfyUI)',
    aliases: [],
    comfyName: 'beta',
    options: ['betaAlpha', 'betaBeta'],
  },
  kl_optimal_comfy: {
    label: 'KL Optimal (ComfyUI)',
    aliases: [],
    comfyName: 'kl_optimal',
    options: ['sigmaMin', 'sigmaMax'],
  },
  /** ComfyUI's AlignYourStepsScheduler node. */
  align_your_steps_comfy: {
    label: 'Align Your Steps (ComfyUI)',
    aliases: [],
    options: ['optimisedFor'],
  },
} as const satisfies Record<string, ScheduleEntry>;

export type ScheduleId = keyof typeof SCHEDULES;

/** A schedule that says by itself what its sigmas are. */
export type ResolvedScheduleId = Exclude<ScheduleId, 'automatic'>;
