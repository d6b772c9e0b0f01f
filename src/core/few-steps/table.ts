/** The table of methods that distil a model to a few steps: how their files are called, and what they want. */
import type { SamplerId } from '../samplers';
import type { ScheduleId } from '../schedules';
import type { Words } from './words';

export interface FewSteps {
  /** Name of the method. */
  label: string;
  sampler: SamplerId;
  schedule: ScheduleId;
  steps: number;
  cfgScale: number;
}

export interface Distillation {
  label: string;
  /** Whether a LoRA is one: words such as "lightning" are the names of styles, too. */
  isLora(words: Words): boolean;
  isCheckpoint(words: Words): boolean;
  /** Where the name does not say it. */
  steps: number;
  /** Settings for so many steps. */
  settings(steps: number, words: Words): Omit<FewSteps, 'label' | 'steps'>;
}

/** Whether steps or a family stand beside a word that means something else as well. */
const isOfModel = (words: Words): boolean => words.steps !== undefined || words.has('sd', 'sdxl', 'xl', 'sdv');

/** diffusers' timesteps "trailing" are those of SGM Uniform to a rounding, and DDIM without noise is Euler. */
const TRAILING = { sampler: 'euler', schedule: 'sgm_uniform' } as const;
/** Settings of models that go from any level to the picture, which is noised again. */
const CONSISTENT = { sampler: 'lcm', schedule: 'sgm_uniform' } as const;

/**
 * In the order in which names are tried.
 *
 * @see the model cards of latent-consistency/lcm-lora-*, ByteDance/SDXL-Lightning, ByteDance/Hyper-SD, tianweiy/DMD2, h1t/TCD-*,
 *   wangfuyun/PCM_Weights, jasperai/flash-sdxl, stabilityai/sdxl-turbo; A1111 PR 14583 and 15325
 */
export const DISTILLED = {
  dmd2: {
    label: 'DMD2',
    isLora: (words) => words.has('dmd'),
    isCheckpoint: (words) => words.has('dmd'),
    steps: 4,
    settings: () => ({ ...CONSISTENT, cfgScale: 1 }),
  },
  pcm: {
    label: 'PCM',
    isLora: (words) => words.has('pcm'),
    isCheckpoint: (words) => words.has('pcm'),
    steps: 4,
    settings: (_, words) => ({ ...TRAILING, cfgScale: words.has('normalcfg') ? 6 : 1 }),
  },
  tcd: {
    label: 'TCD',
    isLora: (words) => words.has('tcd'),
    isCheckpoint: (words) => words.has('tcd'),
    steps: 4,
    settings: () => ({ sampler: 'tcd', schedule: 'sgm_uniform', cfgScale: 1 }),
  },
  hyper: {
    label: 'Hyper-SD',
    isLora: (words) => words.has('hypersd', 'hypersdxl') || (words.has('hyper') && isOfModel(words)),
    isCheckpoint: (words) => words.has('hyper', 'hypersd', 'hypersdxl'),
    steps: 8,
    settings: (steps, words) => ({ ...(steps === 1 ? CONSISTENT : TRAILING), cfgScale: words.has('cfg') ? 6 : 1 }),
  },
  lightning: {
    label: 'Lightning',
    isLora: (words) => words.has('lightning') && isOfModel(words),
    isCheckpoint: (words) => words.has('lightning'),
    steps: 4,
    settings: () => ({ ...TRAILING, cfgScale: 1 }),
  },
  lcm: {
    label: 'LCM',
    isLora: (words) => words.has('lcm'),
    isCheckpoint: (words) => words.has('lcm'),
    steps: 6,
    settings: () => ({ sampler: 'lcm', schedule: 'automatic', cfgScale: 1 }),
  },
  flash: {
    label: 'Flash',
    isLora: (words) => words.has('flash') && isOfModel(words),
    isCheckpoint: (words) => words.has('flash') && isOfModel(words),
    steps: 4,
    settings: () => ({ ...CONSISTENT, cfgScale: 1 }),
  },
  turbo: {
    label: 'Turbo',
    isLora: (words) => words.has('turbo') && isOfModel(words),
    isCheckpoint: (words) => words.has('turbo'),
    steps: 4,
    settings: () => ({ sampler: 'euler_ancestral', schedule: 'turbo', cfgScale: 1 }),
  },
} as const satisfies Record<string, Distillation>;
