/** Settings of what is done to a picture: where it starts, what is painted over, how it is enlarged. See fields.ts. */
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import { TILED_METHODS } from '../tiled-diffusion/tiles';
import type { Field } from './field';
import type { ValueKind } from './value-kinds';
import { ENLARGERS, HIRES_UPSCALERS } from './hires-upscalers';
import { REFINER_FIELDS } from './refiner-fields';
import { REDRAW_FIELDS } from './redraw-fields';

const SHARE = { min: 0, max: 1, step: 0.01, integer: false } as const;

/** How a picture of another size is made to fit. @see A1111 modules/images.py, resize_image */
const RESIZE_MODES = {
  just_resize: { label: 'Just resize' },
  crop_and_resize: { label: 'Crop and resize' },
  resize_and_fill: { label: 'Resize and fill' },
  latent_upscale: { label: 'Just resize (latent upscale)' },
} as const;

/** What is seen under the mask before it is repainted. @see A1111 modules/processing.py, inpainting_fill */
const MASKED_CONTENTS = {
  fill: { label: 'fill' },
  original: { label: 'original' },
  latent_noise: { label: 'latent noise' },
  latent_nothing: { label: 'latent nothing' },
} as const;

/** Which side is repainted, in A1111's two words. */
const MASK_SIDE: ValueKind<boolean> = {
  name: 'Inpaint masked or Inpaint not masked',
  read: (text) => (text === 'Inpaint not masked' ? true : text === 'Inpaint masked' ? false : undefined),
  write: (isInverted) => (isInverted ? 'Inpaint not masked' : 'Inpaint masked'),
};

/** A1111's built-in extension has a key of its own. */
const SOFT: ValueKind<string> = {
  name: 'True or False',
  read: (text) => (text === 'True' ? 'soft' : undefined),
  write: () => 'True',
};

/** A number of that extension. */
const soft = (word: string, max: number, step: number, usual: number, min = 0) =>
  ({
    kind: 'number',
    label: word,
    group: 'mask',
    ...{ min, max, step, integer: false },
    default: usual,
    infotext: { key: `Soft inpainting ${word.toLowerCase()}`, saysDefault: true },
    link: false,
  }) as const;

/** A setting of the tiles that a latent is cut into, in cells. @see multidiffusion-upscaler-for-automatic1111, whose sliders these are */
const tile = (label: string, usual: number, min: number, step: number) =>
  ({ kind: 'number', label, group: 'tiles', min, max: 256, step, integer: true, default: usual, link: false }) as const;

const SAME = { same: { label: 'As the first pass' } } as const;

export const PICTURE_FIELDS = {
  denoisingStrength: {
    kind: 'number',
    label: 'Denoising strength',
    group: 'start',
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
    choices: RESIZE_MODES,
    default: 'crop_and_resize',
    infotext: { key: 'Resize mode' },
    link: false,
  },
  maskMode: {
    kind: 'choice',
    label: 'Masking',
    group: 'mask',
    choices: {
      differential: { label: 'Differential' },
      a1111: { label: 'A1111' },
      soft: { label: 'Soft inpainting' },
      comfyui: { label: 'ComfyUI' },
      diffusers: { label: 'diffusers' },
    },
    default: 'differential',
    infotext: [
      { key: 'Masking', saysDefault: true, when: ({ maskMode }) => maskMode !== 'soft' },
      { key: 'Soft inpainting enabled', saysDefault: true, kind: SOFT, when: ({ maskMode }) => maskMode === 'soft' },
    ],
    link: false,
  },
  maskBlur: {
    kind: 'number',
    label: 'Mask blur',
    group: 'mask',
    min: 0,
    max: 64,
    step: 1,
    integer: true,
    default: 4,
    infotext: { key: 'Mask blur', saysDefault: true, default: 0 },
    link: false,
  },
  invertMask: {
    kind: 'flag',
    label: 'Inpaint not masked',
    done: 'Inpainted where not masked',
    group: 'mask',
    default: false,
    infotext: { key: 'Mask mode', kind: MASK_SIDE },
    link: false,
  },
  maskedContent: {
    kind: 'choice',
    label: 'Masked content',
    group: 'mask',
    choices: MASKED_CONTENTS,
    default: 'original',
    infotext: { key: 'Masked content' },
    link: false,
  },
  inpaintArea: {
    kind: 'choice',
    label: 'Inpaint area',
    group: 'mask',
    choices: { whole: { label: 'Whole picture' }, masked: { label: 'Only masked' } },
    default: 'whole',
    infotext: { key: 'Inpaint area' },
    link: false,
  },
  maskedPadding: {
    kind: 'number',
    label: 'Masked area padding',
    group: 'mask',
    min: 0,
    max: 256,
    step: 4,
    integer: true,
    default: 32,
    infotext: { key: 'Masked area padding', saysDefault: true },
    link: false,
  },
  softScheduleBias: soft('Schedule bias', 8, 0.1, 1),
  softPreservation: soft('Preservation strength', 8, 0.05, 0.5),
  softContrastBoost: soft('Transition contrast boost', 32, 0.5, 4, 1),
  softMaskInfluence: soft('Mask influence', 1, 0.05, 0),
  softDifferenceThreshold: soft('Difference threshold', 8, 0.25, 0.5),
  softDifferenceContrast: soft('Difference contrast', 8, 0.25, 2),
  conditioningMaskStrength: {
    kind: 'number',
    label: 'Conditional mask weight',
    group: 'mask',
    ...SHARE,
    default: 1,
    infotext: { key: 'Conditional mask weight', saysDefault: true },
    link: false,
    axis: { label: 'Cond. Image Mask Weight' },
  },
  imageCfgScale: {
    kind: 'number',
    label: 'Image CFG scale',
    group: 'picture',
    min: 0,
    max: 3,
    step: 0.05,
    integer: false,
    default: 1.5,
    infotext: { key: 'Image CFG scale' },
    link: false,
  },
  noiseMultiplier: {
    kind: 'number',
    label: 'Noise multiplier',
    group: 'picture',
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
    min: 1,
    max: 4,
    step: 0.05,
    integer: false,
    default: 1,
    link: false,
    axis: { label: 'Hires upscale' },
    fact: (scale) => `Hires ${scale}x`,
  },
  // A1111's button leaves no trace in its texts.
  hiresAlone: {
    kind: 'flag',
    label: 'Second pass alone',
    group: 'hires',
    default: false,
    link: false,
  },
  hiresUpscaler: {
    kind: 'choice',
    label: 'Upscaler',
    done: 'Hires upscaler',
    group: 'hires',
    choices: HIRES_UPSCALERS,
    names: 'upscalers',
    default: 'latent',
    link: false,
    axis: { label: 'Hires upscaler' },
  },
  hiresCheckpoint: {
    kind: 'choice',
    label: 'Hires checkpoint',
    group: 'hires',
    choices: SAME,
    names: 'models',
    default: 'same',
    link: false,
  },
  hiresPrompt: { kind: 'text', label: 'Hires prompt', group: 'hires', default: '', link: false },
  hiresNegativePrompt: { kind: 'text', label: 'Hires negative prompt', group: 'hires', default: '', link: false },
  hiresSteps: {
    kind: 'number',
    label: 'Hires steps',
    group: 'hires',
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
  // In recipes a part of their own: see refiner.ts.
  ...REFINER_FIELDS,
  ...REDRAW_FIELDS,
  // In recipes one key together: see tiled.ts.
  tiledMethod: {
    kind: 'choice',
    label: 'Tiled diffusion',
    group: 'tiles',
    choices: { none: { label: 'Off' }, ...TILED_METHODS },
    default: 'none',
    link: false,
  },
  tileWidth: tile('Tile width', 96, 16, 16),
  tileHeight: tile('Tile height', 96, 16, 16),
  tileOverlap: tile('Tile overlap', 48, 0, 4),
  enlarger: {
    kind: 'choice',
    label: 'Enlarge with',
    done: 'Enlarged with',
    group: 'enlarge',
    choices: { none: { label: 'Nothing' }, ...ENLARGERS },
    names: 'upscalers',
    default: 'none',
    infotext: { key: 'Enlarged with' },
    link: false,
    axis: { label: 'Enlarge with' },
  },
} as const satisfies Record<string, Field>;
