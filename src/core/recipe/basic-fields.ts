/** The settings that every request says. See fields.ts. */
import { NOISES } from '../noise';
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import { SEEDS, type Field } from './field';
import { isPlainRng, RNG } from './rng-word';
import { TEXT } from './value-kinds';

/** 2048 px is where decoding one picture already needs several GB; a model narrows it further. */
const SIDE = { min: 64, max: 2048, step: 8, integer: true } as const;

/** Basic settings in the order of the page. */
export const BASIC_FIELDS = {
  prompt: { kind: 'text', label: 'Prompt', group: 'words', isBasic: true, default: '', link: { key: 'p' } },
  negativePrompt: {
    kind: 'text',
    label: 'Negative prompt',
    group: 'words',
    isBasic: true,
    default: '',
    link: { key: 'n' },
  },
  sampler: {
    kind: 'choice',
    label: 'Sampler',
    group: 'sampling',
    isBasic: true,
    choices: SAMPLERS,
    default: 'euler',
    noun: 'a sampler',
    infotext: { key: 'Sampler', kind: TEXT },
    link: { key: 'sm' },
  },
  schedule: {
    kind: 'choice',
    label: 'Schedule type',
    group: 'sampling',
    isBasic: true,
    choices: SCHEDULES,
    default: 'automatic',
    noun: 'a schedule type',
    infotext: { key: 'Schedule type', kind: TEXT },
    link: { key: 'sc' },
  },
  noise: {
    kind: 'choice',
    label: 'Noise',
    group: 'fold',
    isBasic: true,
    choices: NOISES,
    default: 'nv',
    noun: 'a generator',
    infotext: [
      { key: 'RNG', kind: RNG },
      { key: 'Noise rules', when: ({ noise }) => typeof noise === 'string' && !isPlainRng(noise) },
    ],
    link: { key: 'rng' },
    axis: { label: 'RNG source' },
    fact: false,
  },
  steps: {
    kind: 'number',
    label: 'Steps',
    group: 'sampling',
    isBasic: true,
    min: 1,
    max: 150,
    step: 1,
    integer: true,
    default: 20,
    infotext: { key: 'Steps' },
    link: { key: 's' },
    fact: (steps) => (steps === 1 ? '1 step' : `${steps} steps`),
  },
  cfgScale: {
    kind: 'number',
    label: 'CFG scale',
    group: 'sampling',
    isBasic: true,
    min: 1,
    max: 30,
    step: 0.5,
    integer: false,
    default: 7,
    infotext: { key: 'CFG scale' },
    link: { key: 'c' },
    axis: { label: 'CFG Scale' },
    fact: (scale) => `CFG ${scale}`,
  },
  // Up to 2^53 − 1 seeds are numbers, up to 2^64 − 1 digits; A1111 draws below 2^32.
  seed: {
    kind: 'seed',
    label: 'Seed',
    group: 'seed',
    isBasic: true,
    ...SEEDS,
    default: 0,
    infotext: { key: 'Seed' },
    link: { key: 'seed' },
  },
  width: {
    kind: 'number',
    label: 'Width',
    group: 'size',
    isBasic: true,
    isSide: true,
    ...SIDE,
    default: 512,
    infotext: { key: 'Size', side: 'width' },
    link: { key: 'z', side: 'width' },
  },
  height: {
    kind: 'number',
    label: 'Height',
    group: 'size',
    isBasic: true,
    isSide: true,
    ...SIDE,
    default: 512,
    infotext: { key: 'Size', side: 'height' },
    link: { key: 'z', side: 'height' },
  },
} as const satisfies Record<string, Field & { isBasic: true }>;
