/** AI Horde: a request with its settings under `params`, the negative prompt behind "###". @see Haidra-Org/AI-Horde, apis/models */
import { asBag, without, type Bag } from '../json-pairs';
import { isTrue } from './draft';
import { readElsewhere, type Program } from './program';

export const HORDE: Program = {
  name: 'AI Horde',
  isIts: (json) => typeof json['prompt'] === 'string' && asBag(json['params']) !== undefined,
  flatten(json) {
    const [prompt, negative] = String(json['prompt']).split('###');
    const models = json['models'];
    const rest = without(json, 'params', 'models');
    const flat: Bag = { ...rest, ...asBag(json['params']), prompt: prompt.trim() };
    if (negative !== undefined) flat['negative_prompt'] = negative.trim();
    if (Array.isArray(models) && typeof models[0] === 'string') flat['model'] = models[0];
    return flat;
  },
  keys: {
    karras: (value, draft) => draft.put('Schedule type', isTrue(value) ? 'Karras' : undefined),
    'hires denoising strength': readElsewhere,
    'hires fix': (value, draft) => {
      if (isTrue(value)) draft.note('hires_fix', 'The hires fix of AI Horde is not carried over.');
    },
  },
  ignored: [
    'trusted workers',
    'slow workers',
    'extra slow workers',
    'censor nsfw',
    'workers',
    'worker blacklist',
    'r2',
    'shared',
    'replacement filter',
    'dry run',
    'proxied account',
    'disable batching',
    'allow downgrade',
    'webhook',
    'source processing',
    'validated backends',
    'style',
    'kudos',
    'job id',
    'worker id',
    'worker name',
  ],
};
