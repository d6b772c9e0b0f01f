/** Draw Things: short keys in the comment of its XMP. @see stable-diffusion-prompt-reader sd_prompt_reader/format/drawthings.py */
import { asBag, without } from '../json-pairs';
import { readDrawThings } from './controls';
import { isNothing, toNumber } from './draft';
import { readLoras } from './loras';
import type { Program, Reader } from './program';

/** Samplers by the numbers of its settings. @see drawthingsai/draw-things-community, Libraries/DataModels */
const SAMPLERS = [
  'DPM++ 2M Karras',
  'Euler a',
  'DDIM',
  'PLMS',
  'DPM++ SDE Karras',
  'UniPC',
  'LCM',
  'Euler a Substep',
  'DPM++ SDE Substep',
  'TCD',
  'Euler a Trailing',
  'DPM++ SDE Trailing',
  'DPM++ 2M AYS',
  'Euler a AYS',
  'DPM++ SDE AYS',
  'DPM++ 2M Trailing',
  'DDIM Trailing',
  'UniPC Trailing',
  'UniPC AYS',
  'TCD Trailing',
];

const readSampler: Reader = (value, draft) => {
  const number = toNumber(value);
  const name = number === undefined ? String(value) : (SAMPLERS[number] ?? String(value));
  const [, plain, ending] = /^(.*?)(?: (AYS|Trailing|Substep))?$/i.exec(name) ?? [];
  draft.put('Sampler', plain);
  if (ending?.toUpperCase() === 'AYS') draft.put('Schedule type', 'Align Your Steps');
  else if (ending !== undefined) draft.note('Sampler', `"${ending}" of the sampler "${name}" is not carried over.`);
};

/** 1 is a picture from noise. */
const readStrength: Reader = (value, draft) =>
  draft.put('Denoising strength', (toNumber(value) ?? 1) < 1 ? value : undefined);

/** What is copied as its configuration, with the prompts beside. */
export const DRAW_THINGS_CONFIG: Program = {
  name: 'Draw Things',
  isIts: (json) =>
    ('guidanceScale' in json && 'steps' in json && typeof json['sampler'] === 'number') ||
    ('seedMode' in json && ('tiledDecoding' in json || 'batchCount' in json)),
  hasNoPrompt: true,
  keys: {
    controls: readDrawThings,
    sampler: readSampler,
    strength: readStrength,
    // The other two numbers are noise of its own.
    'seed mode': (value, draft) => draft.put('RNG', value === 1 ? 'CPU' : value === 3 ? 'NV' : undefined),
    'hires fix': (value, draft) => {
      if (!isNothing(value)) draft.note('hiresFix', 'The hires fix of Draw Things is not carried over.');
    },
  },
  ignored: [
    'hires strength',
    'hires width',
    'hires height',
    'mask blur',
    'mask blur outset',
    'tiled decoding',
    'tiled diffusion',
    'shift',
    'batch count',
    'batch size',
  ],
};

export const DRAW_THINGS: Program = {
  name: 'Draw Things',
  // NovelAI has "uc" too.
  isIts: (json) => typeof json['c'] === 'string' && ('uc' in json || 'scale' in json || 'steps' in json),
  flatten(json) {
    const { loras, clipSkip, controls, refinerModel, hiresFix } = asBag(json['v2']) ?? {};
    const rest = without(json, 'v2');
    return {
      ...(!isNothing(loras) && { loras }),
      ...(toNumber(clipSkip) !== 1 && { clipSkip }),
      controls,
      refinerModel,
      hiresFix,
      ...rest,
    };
  },
  keys: {
    controls: readDrawThings,
    c: (value, draft) => (draft.prompt ??= String(value)),
    scale: (value, draft) => draft.put('CFG scale', value),
    strength: readStrength,
    lora: readLoras,
    sampler: readSampler,
  },
  ignored: [
    'seed mode',
    'mask blur outset',
    'preserve original after inpaint',
    'profile',
    'id',
    'guidance embed',
    'batch size',
    'tiled decoding',
  ],
};
