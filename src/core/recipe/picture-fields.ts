/** Settings of what is done to a picture: where it starts, what is painted over, how it is enlarged. See fields.ts. */
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import type { Field } from './field';
import { ENLARGERS, HIRES_UPSCALERS } from './hires-upscalers';

const SHARE = { min: 0, max: 1, step: 0.01, integer: false } as const;

/** Of another picture, made to fit the size. @see A1111 modules/images.py, resize_image */
const RESIZE_MODES = {
  just_resize: { label: 'Just resize' },
  crop_and_resize: { label: 'Crop and resize' },
  resize_and_fill: { label: 'Resize and fill' },
} as const;

const SAME = { same: { label: 'As the first pass' } } as const;

export const PICTURE_FIELDS = {
  denoisingStrength: {
    kind: 'number',
    label: 'Denoising strength',
    group: 'start',
    help: 'How much of the picture, or of the first pass of Hires. fix, is painted anew: 0.3 retouches, 0.5 restyles, 0.75 reinvents.',
    ...SHARE,
    default: 0.75,
    infotext: { key: 'Denoising strength', saysDefault: true },
    link: false,
    axis: { label: 'Denoising' },
  },
  resizeMode: {
    kind: 'choice',
    label: 'Resize mode',
    group: 'start',
    help: 'What becomes of a picture that has another shape than what is painted.',
    choices: RESIZE_MODES,
    default: 'crop_and_resize',
    infotext: { key: 'Resize mode' },
    link: false,
  },
  noiseMultiplier: {
    kind: 'number',
    label: 'Noise multiplier',
    group: 'picture',
    help: 'Of the noise that is put into the picture: less keeps more of it smooth.',
    min: 0,
    max: 1.5,
    step: 0.001,
    integer: false,
    default: 1,
    infotext: { key: 'Noise multiplier' },
    link: false,
    axis: { label: 'Initial noise multiplier' },
  },
  extraNoise: {
    kind: 'number',
    label: 'Extra noise',
    group: 'picture',
    help: 'More noise than the sampler expects: more detail, up to grain.',
    ...SHARE,
    default: 0,
    infotext: { key: 'Extra noise' },
    link: false,
    axis: { label: 'Extra noise' },
  },
  // In recipes a part of their own, told in A1111's words: see hires.ts.
  hiresScale: {
    kind: 'number',
    label: 'Upscale by',
    group: 'hires',
    help: 'The picture is enlarged and painted over once more, as far as Denoising strength says. 1 is off.',
    min: 1,
    max: 4,
    step: 0.05,
    integer: false,
    default: 1,
    link: false,
    axis: { label: 'Hires upscale' },
    fact: (scale) => `Hires ${scale}x`,
  },
  hiresUpscaler: {
    kind: 'choice',
    label: 'Upscaler',
    group: 'hires',
    help: 'How it is enlarged.',
    choices: HIRES_UPSCALERS,
    default: 'latent',
    link: false,
    axis: { label: 'Hires upscaler' },
  },
  hiresSteps: {
    kind: 'number',
    label: 'Hires steps',
    group: 'hires',
    help: '0: as many as the first pass.',
    min: 0,
    max: 150,
    step: 1,
    integer: true,
    default: 0,
    link: false,
  },
  hiresCfgScale: {
    kind: 'number',
    label: 'Hires CFG scale',
    group: 'hires',
    help: '0: as the first pass.',
    min: 0,
    max: 30,
    step: 0.5,
    integer: false,
    default: 0,
    link: false,
  },
  hiresSampler: {
    kind: 'choice',
    label: 'Hires sampler',
    group: 'hires',
    choices: { ...SAME, ...SAMPLERS },
    default: 'same',
    link: false,
  },
  hiresSchedule: {
    kind: 'choice',
    label: 'Hires schedule type',
    group: 'hires',
    choices: { ...SAME, ...SCHEDULES },
    default: 'same',
    link: false,
  },
  enlarger: {
    kind: 'choice',
    label: 'Enlarge with',
    group: 'enlarge',
    help: 'A network makes the finished picture larger. It is fetched when it is first used: 1.3 MB.',
    choices: { none: { label: 'Nothing' }, ...ENLARGERS },
    default: 'none',
    infotext: { key: 'Enlarged with' },
    link: false,
    axis: { label: 'Enlarge with' },
  },
} as const satisfies Record<string, Field>;
