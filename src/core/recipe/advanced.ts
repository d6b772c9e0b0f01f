/** Settings that most people never touch: one table for their labels, limits, defaults, checks and controls. */
import { DIALECTS, EMPHASIS_MODES } from '../prompt/dialect';

/** The fold they stand in, in this order. */
export const ADVANCED_GROUPS = {
  prompt: 'Prompt',
  noise: 'Noise',
  sampler: 'Sampler',
  schedule: 'Schedule',
  guidance: 'Guidance',
} as const;

interface Common {
  /** A1111's word where it has one. */
  label: string;
  group: keyof typeof ADVANCED_GROUPS;
  help: string;
}

export interface NumberSetting extends Common {
  kind: 'number';
  min: number;
  max: number;
  step: number;
  integer: boolean;
  /** undefined: the sampler's or the schedule's own. */
  default: number | undefined;
}

export interface ChoiceSetting extends Common {
  kind: 'choice';
  choices: Readonly<Record<string, { label: string }>>;
  default: string;
}

export interface FlagSetting extends Common {
  kind: 'flag';
  default: boolean;
}

export type Setting = NumberSetting | ChoiceSetting | FlagSetting;

/** Whose rules a run follows where A1111 and ComfyUI differ. */
const CONVENTIONS = { a1111: { label: 'AUTOMATIC1111' }, comfyui: { label: 'ComfyUI' } } as const;

const ROUNDINGS = {
  auto: { label: 'By the sampling rules' },
  fractional: { label: 'Fractional' },
  nearest: { label: 'Nearest whole' },
} as const;

const DISCARDS = { auto: { label: 'As the sampler likes' }, always: { label: 'Always' } } as const;

const SEEDS = { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, integer: true } as const;
const SHARE = { min: 0, max: 1, step: 0.01, integer: false } as const;

/** Ranges of numbers are A1111's sliders where it has them. */
export const ADVANCED = {
  dialect: {
    kind: 'choice',
    label: 'Prompt syntax',
    group: 'prompt',
    help: 'How brackets, weights and AND are read.',
    choices: DIALECTS,
    default: 'a1111',
  },
  emphasis: {
    kind: 'choice',
    label: 'Emphasis mode',
    group: 'prompt',
    help: 'What (words:1.2) does to the encoded text; A1111 syntax only.',
    choices: EMPHASIS_MODES,
    default: 'original',
  },
  clipSkip: {
    kind: 'number',
    label: 'Clip skip',
    group: 'prompt',
    help: 'Which layer of the text encoder is used, counted from the last.',
    min: 1,
    max: 12,
    step: 1,
    integer: true,
    default: 1,
  },
  variationSeed: {
    kind: 'number',
    label: 'Variation seed',
    group: 'noise',
    help: 'The seed that the noise is bent towards.',
    ...SEEDS,
    default: 0,
  },
  variationStrength: {
    kind: 'number',
    label: 'Variation strength',
    group: 'noise',
    help: 'How far: 0 is the seed alone, 1 the variation seed alone.',
    ...SHARE,
    default: 0,
  },
  resizeSeedFromWidth: {
    kind: 'number',
    label: 'Resize seed from width',
    group: 'noise',
    help: 'Makes the noise at this size and pastes it into the picture; 0 is off.',
    min: 0,
    max: 2048,
    step: 8,
    integer: true,
    default: 0,
  },
  resizeSeedFromHeight: {
    kind: 'number',
    label: 'Resize seed from height',
    group: 'noise',
    help: 'Makes the noise at this size and pastes it into the picture; 0 is off.',
    min: 0,
    max: 2048,
    step: 8,
    integer: true,
    default: 0,
  },
  ensd: {
    kind: 'number',
    label: 'Eta noise seed delta',
    group: 'noise',
    help: 'Added to the seed for the noise that samplers add on the way (ENSD).',
    ...SEEDS,
    min: -Number.MAX_SAFE_INTEGER,
    default: 0,
  },
  conventions: {
    kind: 'choice',
    label: 'Sampling rules',
    group: 'sampler',
    help: 'Whose defaults and rounding to follow where AUTOMATIC1111 and ComfyUI differ.',
    choices: CONVENTIONS,
    default: 'a1111',
  },
  eta: {
    kind: 'number',
    label: 'Eta',
    group: 'sampler',
    help: 'Share of fresh noise: 0 makes ancestral and SDE samplers deterministic.',
    ...SHARE,
    default: undefined,
  },
  sChurn: {
    kind: 'number',
    label: 'Sigma churn',
    group: 'sampler',
    help: 'Noise added and taken away again over the whole run.',
    min: 0,
    max: 100,
    step: 0.01,
    integer: false,
    default: undefined,
  },
  sTmin: {
    kind: 'number',
    label: 'Sigma tmin',
    group: 'sampler',
    help: 'Churn acts from this noise level on.',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: undefined,
  },
  sTmax: {
    kind: 'number',
    label: 'Sigma tmax',
    group: 'sampler',
    help: 'Churn acts up to this noise level; 0 is no limit.',
    min: 0,
    max: 999,
    step: 0.01,
    integer: false,
    default: undefined,
  },
  sNoise: {
    kind: 'number',
    label: 'Sigma noise',
    group: 'sampler',
    help: 'Factor on all noise added on the way.',
    min: 0,
    max: 1.1,
    step: 0.001,
    integer: false,
    default: undefined,
  },
  sigmaMin: {
    kind: 'number',
    label: 'Schedule min sigma',
    group: 'schedule',
    help: 'The lowest noise level; 0 is the model’s own.',
    min: 0,
    max: 10,
    step: 0.001,
    integer: false,
    default: 0,
  },
  sigmaMax: {
    kind: 'number',
    label: 'Schedule max sigma',
    group: 'schedule',
    help: 'The highest noise level; 0 is the model’s own.',
    min: 0,
    max: 5000,
    step: 0.001,
    integer: false,
    default: 0,
  },
  rho: {
    kind: 'number',
    label: 'Schedule rho',
    group: 'schedule',
    help: 'Bends Karras (7) and Polyexponential (1); 0 is the schedule’s own.',
    min: 0,
    max: 100,
    step: 0.1,
    integer: false,
    default: 0,
  },
  betaAlpha: {
    kind: 'number',
    label: 'Beta schedule alpha',
    group: 'schedule',
    help: 'Shape of the Beta schedules; 0 is 0.6.',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: 0,
  },
  betaBeta: {
    kind: 'number',
    label: 'Beta schedule beta',
    group: 'schedule',
    help: 'Shape of the Beta schedules; 0 is 0.6.',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: 0,
  },
  discardPenultimate: {
    kind: 'choice',
    label: 'Discard next-to-last sigma',
    group: 'schedule',
    help: 'Leaves out the noise level before the last; some samplers do by themselves.',
    choices: DISCARDS,
    default: 'auto',
  },
  zeroTerminalSnr: {
    kind: 'flag',
    label: 'Zero terminal SNR',
    group: 'schedule',
    help: 'Starts from pure noise; for models trained so.',
    default: false,
  },
  timestepRounding: {
    kind: 'choice',
    label: 'Timesteps',
    group: 'schedule',
    help: 'Which timestep the model is told for a noise level.',
    choices: ROUNDINGS,
    default: 'auto',
  },
  cfgRescale: {
    kind: 'number',
    label: 'CFG rescale',
    group: 'guidance',
    help: 'Restores the contrast that a high CFG scale burns; 0 is off, 0.7 usual.',
    ...SHARE,
    default: 0,
  },
  skipEarlyCfg: {
    kind: 'number',
    label: 'Skip early CFG',
    group: 'guidance',
    help: 'This share of the steps runs without the negative prompt.',
    ...SHARE,
    default: 0,
  },
  ngms: {
    kind: 'number',
    label: 'Negative guidance minimum sigma',
    group: 'guidance',
    help: 'Below this noise level every other step runs without the negative prompt.',
    min: 0,
    max: 15,
    step: 0.01,
    integer: false,
    default: 0,
  },
  ngmsAllSteps: {
    kind: 'flag',
    label: 'Negative guidance: all steps',
    group: 'guidance',
    help: 'Below that level no step runs with the negative prompt.',
    default: false,
  },
} as const satisfies Record<string, Setting>;

type Table = typeof ADVANCED;

export type AdvancedId = keyof Table;

type ValueOf<S extends Setting> = S extends ChoiceSetting
  ? Extract<keyof S['choices'], string>
  : S extends FlagSetting
    ? boolean
    : S['default'] extends undefined
      ? number | undefined
      : number;

/** All of them, filled in. */
export type AdvancedSettings = { [Id in AdvancedId]: ValueOf<Table[Id]> };

export const ADVANCED_DEFAULTS = Object.fromEntries(
  Object.entries(ADVANCED).map(([id, setting]) => [id, setting.default]),
) as AdvancedSettings;

/** One sentence, or undefined where the value is fine or not given. */
export function advancedProblem(id: AdvancedId, value: unknown): string | undefined {
  const setting: Setting = ADVANCED[id];
  if (value === undefined) return undefined;
  switch (setting.kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : `${setting.label} must be on or off.`;
    case 'choice':
      if (typeof value === 'string' && Object.hasOwn(setting.choices, value)) return undefined;
      return `${setting.label} "${String(value)}" is not known: ${Object.keys(setting.choices).join(', ')}.`;
    case 'number':
      return numberRangeProblem(setting, value);
  }
}

/** What every number of a request is checked for. */
export function numberRangeProblem(
  { label, min, max, integer }: Pick<NumberSetting, 'label' | 'min' | 'max' | 'integer'>,
  value: unknown,
): string | undefined {
  const range = `${min} to ${max}`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${label} must be a number from ${range}.`;
  if (integer && !Number.isInteger(value)) return `${label} must be a whole number from ${range}, not ${value}.`;
  return value < min || value > max ? `${label} must be from ${range}, not ${value}.` : undefined;
}
