/** Draw Things: short keys in the comment of its XMP. @see stable-diffusion-prompt-reader sd_prompt_reader/format/drawthings.py */
import { asBag, without } from '../json-pairs';
import { isNothing, toNumber } from './draft';
import { readLoras } from './loras';
import type { Program } from './program';

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
    c: (value, draft) => (draft.prompt ??= String(value)),
    scale: (value, draft) => draft.put('CFG scale', value),
    // 1 is a picture from noise.
    strength: (value, draft) => draft.put('Denoising strength', (toNumber(value) ?? 1) < 1 ? value : undefined),
    lora: readLoras,
    sampler: (value, draft) => {
      const name = String(value);
      const [, plain, ending] = /^(.*?)(?: (AYS|Trailing|Substep))?$/i.exec(name) ?? [];
      draft.put('Sampler', plain);
      if (ending?.toUpperCase() === 'AYS') draft.put('Schedule type', 'Align Your Steps');
      else if (ending !== undefined) draft.note('Sampler', `"${ending}" of the sampler "${name}" is not carried over.`);
    },
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
