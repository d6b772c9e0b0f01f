/** The settings that most people never touch: each has a default. See fields.ts. */
import { DIALECTS, EMPHASIS_MODES } from '../prompt/dialect';
import { SPEEDS } from '../speed/table';
import { SEEDS, type Field, type SaidSettings } from './field';
import { GUIDANCE_FIELDS } from './guidance-fields';
import { PICTURE_FIELDS } from './picture-fields';
import { TILING_FIELDS } from './tiling-field';
import { flagWord, INTEGER, labelled, SEED, type ValueKind } from './value-kinds';

const isDdim = ({ sampler }: SaidSettings): boolean => sampler === 'ddim' || sampler === 'ddim_cfg_pp';

/** Whose rules a run follows where A1111 and ComfyUI differ. */
const CONVENTIONS = { a1111: { label: 'AUTOMATIC1111' }, comfyui: { label: 'ComfyUI' } } as const;

const ROUNDINGS = {
  auto: { label: 'By the sampling rules' },
  fractional: { label: 'Fractional' },
  nearest: { label: 'Nearest whole' },
} as const;

/** Shorter than on the page. */
const ROUNDING = labelled({ ...ROUNDINGS, auto: { label: 'Automatic' }, nearest: { label: 'Nearest' } });

/** A plain "Faster" is that of recipes from before there was another. */
const SPEED = labelled({ ...SPEEDS, faster: { label: 'Faster' }, faster2: { label: 'Faster 2' } });

const DISCARDS = { auto: { label: 'As the sampler likes' }, always: { label: 'Always' } } as const;

const NOISE_SCHEDULE: ValueKind<boolean> = {
  name: 'Default or Zero Terminal SNR',
  read: (text) => (text === 'Zero Terminal SNR' ? true : text === 'Default' ? false : undefined),
  write: (isZero) => (isZero ? 'Zero Terminal SNR' : 'Default'),
};

/** Counted from the end as ComfyUI does, −2 is 2; SD.Next has halves. */
const CLIP_SKIP: ValueKind<number> = {
  ...INTEGER,
  read(text) {
    const value = INTEGER.read(text);
    return value === undefined ? undefined : Math.abs(value);
  },
};

const SHARE = { min: 0, max: 1, step: 0.01, integer: false } as const;
/** A file of one or more, each in place of the model's own of its kind. */
const textEncoderField = <Label extends string>(label: Label) =>
  ({
    kind: 'choice',
    label,
    group: 'parts',
    choices: { automatic: { label: 'Automatic' } },
    names: 'texts',
    default: 'automatic',
    infotext: { key: label },
    link: false,
  }) as const;

/** Advanced settings by their groups. Ranges of numbers are A1111's sliders where it has them. */
export const ADVANCED_FIELDS = {
  ...PICTURE_FIELDS,
  ...TILING_FIELDS,
  vae: {
    kind: 'choice',
    label: 'VAE',
    group: 'parts',
    choices: { automatic: { label: 'Automatic' } },
    names: 'autoencoders',
    default: 'automatic',
    axis: { label: 'VAE' },
    infotext: { key: 'VAE', nothing: ['None', 'Baked VAE', 'Default (model)'] },
    link: false,
  },
  speed: {
    kind: 'choice',
    label: 'Speed',
    group: 'sampling',
    choices: SPEEDS,
    default: 'exact',
    infotext: { key: 'Speed', kind: SPEED },
  },
  textEncoder: textEncoderField('Text encoder'),
  secondTextEncoder: textEncoderField('Second text encoder'),
  dialect: {
    kind: 'choice',
    label: 'Prompt syntax',
    group: 'prompt',
    choices: DIALECTS,
    default: 'a1111',
    infotext: { key: 'Prompt syntax' },
  },
  emphasis: {
    kind: 'choice',
    label: 'Emphasis mode',
    group: 'prompt',
    choices: EMPHASIS_MODES,
    default: 'original',
    infotext: { key: 'Emphasis' },
  },
  clipSkip: {
    kind: 'number',
    label: 'Clip skip',
    group: 'prompt',
    min: 1,
    max: 12,
    step: 1,
    integer: true,
    default: 1,
    infotext: { key: 'Clip skip', kind: CLIP_SKIP, nothing: ['0', '0.0', 'None', 'none', 'False', 'null'] },
  },
  variationSeed: {
    kind: 'number',
    label: 'Variation seed',
    group: 'noise',
    ...SEEDS,
    default: 0,
    infotext: { key: 'Variation seed', kind: SEED, saysDefault: true },
    axis: { label: 'Var. seed' },
  },
  variationStrength: {
    kind: 'number',
    label: 'Variation strength',
    group: 'noise',
    ...SHARE,
    default: 0,
    infotext: { key: 'Variation seed strength' },
    axis: { label: 'Var. strength' },
  },
  resizeSeedFromWidth: {
    kind: 'number',
    label: 'Resize seed from width',
    group: 'noise',
    min: 0,
    max: 2048,
    step: 8,
    integer: true,
    default: 0,
    infotext: { key: 'Seed resize from', side: 'width' },
  },
  resizeSeedFromHeight: {
    kind: 'number',
    label: 'Resize seed from height',
    group: 'noise',
    min: 0,
    max: 2048,
    step: 8,
    integer: true,
    default: 0,
    infotext: { key: 'Seed resize from', side: 'height' },
  },
  ensd: {
    kind: 'number',
    label: 'Eta noise seed delta',
    group: 'noise',
    ...SEEDS,
    min: -Number.MAX_SAFE_INTEGER,
    default: 0,
    infotext: { key: 'ENSD' },
  },
  conventions: {
    kind: 'choice',
    label: 'Sampling rules',
    group: 'sampler',
    choices: CONVENTIONS,
    default: 'a1111',
    infotext: { key: 'Sampling rules' },
  },
  eta: {
    kind: 'number',
    label: 'Eta',
    group: 'sampler',
    ...SHARE,
    default: undefined,
    infotext: [
      { key: 'Eta', when: (recipe) => !isDdim(recipe) },
      { key: 'Eta DDIM', when: isDdim },
    ],
  },
  sChurn: {
    kind: 'number',
    label: 'Sigma churn',
    group: 'sampler',
    min: 0,
    max: 100,
    step: 0.01,
    integer: false,
    default: undefined,
    infotext: { key: 'Sigma churn' },
    axis: { label: 'Sigma Churn' },
  },
  sTmin: {
    kind: 'number',
    label: 'Sigma tmin',
    group: 'sampler',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: undefined,
    infotext: { key: 'Sigma tmin' },
    axis: { label: 'Sigma min' },
  },
  sTmax: {
    kind: 'number',
    label: 'Sigma tmax',
    group: 'sampler',
    min: 0,
    max: 999,
    step: 0.01,
    integer: false,
    default: undefined,
    infotext: { key: 'Sigma tmax' },
    axis: { label: 'Sigma max' },
  },
  sNoise: {
    kind: 'number',
    label: 'Sigma noise',
    group: 'sampler',
    min: 0,
    max: 1.1,
    step: 0.001,
    integer: false,
    default: undefined,
    infotext: { key: 'Sigma noise' },
  },
  sigmaMin: {
    kind: 'number',
    label: 'Schedule min sigma',
    group: 'schedule',
    min: 0,
    max: 10,
    step: 0.001,
    integer: false,
    default: 0,
    infotext: { key: 'Schedule min sigma' },
  },
  sigmaMax: {
    kind: 'number',
    label: 'Schedule max sigma',
    group: 'schedule',
    min: 0,
    max: 5000,
    step: 0.001,
    integer: false,
    default: 0,
    infotext: { key: 'Schedule max sigma' },
  },
  rho: {
    kind: 'number',
    label: 'Schedule rho',
    group: 'schedule',
    min: 0,
    max: 100,
    step: 0.1,
    integer: false,
    default: 0,
    infotext: { key: 'Schedule rho' },
  },
  betaAlpha: {
    kind: 'number',
    label: 'Beta schedule alpha',
    group: 'schedule',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: 0,
    // A1111 writes the first and reads the second.
    infotext: { key: 'Beta schedule alpha', aliases: ['Beta scheduler alpha'] },
  },
  betaBeta: {
    kind: 'number',
    label: 'Beta schedule beta',
    group: 'schedule',
    min: 0,
    max: 10,
    step: 0.01,
    integer: false,
    default: 0,
    infotext: { key: 'Beta schedule beta', aliases: ['Beta scheduler beta'] },
  },
  discardPenultimate: {
    kind: 'choice',
    label: 'Discard next-to-last sigma',
    done: 'Next-to-last sigma discarded',
    group: 'schedule',
    choices: DISCARDS,
    default: 'auto',
    infotext: { key: 'Discard penultimate sigma', kind: flagWord('always', 'auto') },
    axis: { label: 'Always discard next-to-last sigma' },
  },
  zeroTerminalSnr: {
    kind: 'flag',
    label: 'Zero terminal SNR',
    group: 'schedule',
    default: false,
    infotext: { key: 'Noise Schedule', kind: NOISE_SCHEDULE },
  },
  timestepRounding: {
    kind: 'choice',
    label: 'Timesteps',
    group: 'schedule',
    choices: ROUNDINGS,
    default: 'auto',
    infotext: { key: 'Timestep rounding', kind: ROUNDING },
  },
  ...GUIDANCE_FIELDS,
} as const satisfies Record<string, Field>;
