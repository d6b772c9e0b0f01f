/** Arguments of a pipeline of diffusers, as scripts and servers keep them. @see diffusers pipelines/stable_diffusion/pipeline_stable_diffusion.py */
import { asBag } from '../json-pairs';
import { isNothing, toNumber } from './draft';
import type { Program } from './program';

export const DIFFUSERS: Program = {
  name: 'diffusers',
  isIts: (json) =>
    'prompt' in json &&
    'num_inference_steps' in json &&
    (/Pipeline/.test(String(json['_class_name'])) ||
      ['num_images_per_prompt', 'cross_attention_kwargs', 'generator', 'output_type'].some((key) => key in json)),
  keys: {
    // It counts the layers that are skipped: none is A1111's 1.
    'clip skip': (value, draft) => {
      const skipped = toNumber(value) ?? 0;
      if (skipped > 0) draft.put('Clip skip', skipped + 1);
    },
    generator: (value, draft) => draft.put('Seed', asBag(value)?.['seed'] ?? toNumber(value)),
    'cross attention kwargs': (value, draft) => {
      const scale = toNumber(asBag(value)?.['scale']);
      if (scale !== undefined && scale !== 1)
        draft.note(
          'cross_attention_kwargs',
          `All LoRAs were weighed by ${scale} (cross_attention_kwargs), which is not carried over.`,
        );
      else if (scale === undefined && !isNothing(value))
        draft.note('cross_attention_kwargs', '"cross_attention_kwargs" is not carried over.');
    },
  },
  ignored: ['_class_name', 'num images per prompt', 'output type', 'return dict', '_diffusers version'],
};
