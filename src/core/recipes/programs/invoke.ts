/** InvokeAI: a flat object since 3, one with an `image` in 2. @see InvokeAI CoreMetadata; ldm/invoke/args.py */
import { findSampler } from '../../recipe/infotext';
import { asBag, type Bag } from '../json-pairs';
import { readInvokeList } from './controls';
import { isNothing, toNumber } from './draft';
import { readCanvas, readLayers, readReferences } from './invoke-canvas';
import { readElsewhere, type Program, type Reader } from './program';

/** Its schedulers are samplers; `_k` is Karras. */
const readScheduler: Reader = (value, draft) => {
  if (typeof value !== 'string') return;
  const plain = value.replace(/_k$/, '');
  draft.put('Sampler', [plain, `k_${plain}`].find((word) => findSampler(word) !== undefined) ?? plain);
  if (plain !== value) draft.put('Schedule type', 'Karras');
};

/** Whether one started from a picture, and how far. */
const readStrength: Reader = (value, draft, keys) => {
  const hasPicture =
    !isNothing(keys.get('init image')) ||
    /img2img|inpaint|outpaint/.test(String(keys.get('generation mode') ?? keys.get('type')));
  if (hasPicture) draft.put('Denoising strength', value);
};

const readMode: Reader = (value, draft, keys) => {
  if (/img2img|inpaint|outpaint/.test(String(value)) && isNothing(keys.get('strength')))
    draft.note(
      'generation_mode',
      `It was made from another picture ("${String(value)}"), which the recipe does not hold: this starts from noise.`,
    );
};

export const INVOKE: Program = {
  name: 'InvokeAI',
  isIts: (json) =>
    'positive_prompt' in json &&
    // Others keep a schedule beside their sampler.
    !('sampler' in json || 'sampler_name' in json) &&
    ['generation_mode', 'app_version', 'rand_device', 'scheduler', 'clip_skip'].some((key) => key in json),
  keys: {
    scheduler: readScheduler,
    // It counts the layers that are skipped: none is A1111's 1.
    'clip skip': (value, draft) => {
      const skipped = toNumber(value) ?? 0;
      if (skipped > 0) draft.put('Clip skip', skipped + 1);
    },
    strength: readStrength,
    'init image': readElsewhere,
    'generation mode': readMode,
    'positive style prompt': (value, draft) => {
      if (!isNothing(value))
        draft.note('positive_style_prompt', `The style prompt "${String(value)}" is not carried over.`);
    },
    'negative style prompt': (value, draft) => {
      if (!isNothing(value))
        draft.note('negative_style_prompt', `The negative style prompt "${String(value)}" is not carried over.`);
    },
    'refiner model': (value, draft) => draft.put('Refiner', asBag(value)?.['name'] ?? asBag(value)?.['model_name']),
    'refiner start': (value, draft, keys) => {
      if (!isNothing(keys.get('refiner model'))) draft.put('Refiner switch at', value);
    },
    // Flux' own, which is no guidance between two texts.
    guidance: (value, draft) => draft.put('Distilled CFG Scale', value),
    controlnets: readInvokeList('controlnets', 'control_model'),
    't2i adapters': readInvokeList('t2iAdapters', 't2i_adapter_model'),
    'ip adapters': readInvokeList('ipAdapters', 'ip_adapter_model'),
    'canvas v2 metadata': readCanvas,
    'control layers': readLayers,
    'ref images': readReferences,
    'refiner steps': readElsewhere,
    'refiner cfg scale': readElsewhere,
    'refiner scheduler': readElsewhere,
    'refiner positive aesthetic score': readElsewhere,
    'refiner negative aesthetic score': readElsewhere,
  },
  ignored: [
    '_canvas objects',
    'board id',
    'hrf width',
    'hrf height',
    'aspect ratio',
    'z image',
    'mac',
    'canvas v2 metadata',
  ],
};

/** Negative prompts stand in brackets. */
export function splitBrackets(prompt: string): { prompt: string; negativePrompt: string } {
  const negative: string[] = [];
  const positive = prompt.replace(/\[([^[\]]+)\]/g, (_, inner: string) => {
    negative.push(inner.trim());
    return '';
  });
  return { prompt: positive.replace(/[ \t]{2,}/g, ' ').trim(), negativePrompt: negative.join(', ') };
}

/** A text, or texts with weights. */
function joinPrompts(value: unknown): string {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.map((one) => String(asBag(one)?.['prompt'] ?? one)).join(', ');
}

export const INVOKE_2: Program = {
  name: 'InvokeAI 2',
  isIts: (json) => asBag(json['image'])?.['prompt'] !== undefined && ('model_weights' in json || 'app_id' in json),
  flatten(json) {
    const image = asBag(json['image']) ?? {};
    const { prompt, negativePrompt } = splitBrackets(joinPrompts(image['prompt']));
    const rest: Bag = { ...image, prompt, negative_prompt: negativePrompt };
    return { ...rest, model: json['model_weights'] };
  },
  keys: {
    variations: (value, draft) => {
      if (!isNothing(value)) draft.note('variations', 'The variations of InvokeAI are not carried over.');
    },
    'init image path': (value, draft, keys) => {
      if (!isNothing(value)) draft.put('Denoising strength', keys.get('strength') ?? 0.75);
    },
    'orig hash': readElsewhere,
    type: (value, draft, keys) => {
      if (/img2img|inpaint/.test(String(value)) && isNothing(keys.get('init image path')))
        draft.put('Denoising strength', keys.get('strength') ?? 0.75);
    },
    strength: readElsewhere,
    threshold: (value, draft) => noteNumber('threshold', value, draft),
    perlin: (value, draft) => noteNumber('perlin', value, draft),
  },
  ignored: ['rfc266 version', 'extra'],
};

const noteNumber = (key: string, value: unknown, draft: { note(key: string, message: string): void }): void => {
  if ((toNumber(value) ?? 0) !== 0) draft.note(key, `"${key}: ${String(value)}" of InvokeAI is not carried over.`);
};
