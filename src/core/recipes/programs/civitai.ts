/** Civitai: the `meta` of its pictures, of its own generator, and what it makes of ComfyUI's graphs. */
import { checkpointOf, noteResources } from '../civitai-facts';
import { asBag, type Bag } from '../json-pairs';
import { fileStem, toNumber } from './draft';
import type { Program, Reader } from './program';

/** A LoRA with the name of its file is one; what only Civitai's numbers tell has a note. */
export const readResources: Reader = (value, draft, keys) => {
  const prompt = String(keys.get('prompt') ?? '');
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  draft.put('Model', draft.pairs.some(([key]) => key === 'Model') ? undefined : checkpointOf(value));
  const named = list.filter((one) => typeof asBag(one)?.['name'] === 'string');
  for (const bag of named.map((one) => asBag(one) ?? {})) {
    const isLora = /^(lora|locon|lycoris|dora)$/i.test(String(bag['type']));
    const weight = toNumber(bag['weight'] ?? bag['strength']) ?? 1;
    if (isLora && !/<(lora|lyco):/i.test(prompt))
      draft.lora(fileStem(String(bag['name'])), weight, toNumber(bag['strengthClip']) ?? weight);
  }
  const others = list.filter((one) => !named.includes(one));
  for (const { key, message } of noteResources(others, prompt)) draft.note(key, message);
};

/** Lists of files, of which the first is the checkpoint's. */
const first =
  (key: string): Reader =>
  (value, draft) => {
    const [name] = Array.isArray(value) ? (value as unknown[]) : [value];
    if (typeof name === 'string') draft.put(key, fileStem(name));
  };

const IGNORED = [
  'base model',
  'extra',
  'workflow',
  'flux mode',
  'priority',
  'source id',
  'process',
  'engine',
  'model ids',
  'version ids',
  'output format',
  'aspect ratio',
];

export const CIVITAI_COMFY: Program = {
  name: 'Civitai',
  isIts: (json) => 'versionIds' in json || ('upscalers' in json && 'vaes' in json),
  isComfy: true,
  keys: {
    models: first('Model'),
    vaes: first('VAE'),
    'additional resources': readResources,
    denoise: (value, draft) => draft.put('Denoising strength', toNumber(value) === 1 ? undefined : value),
  },
  ignored: IGNORED,
};

/** Its generator's request: files with their models inside. */
const hasFiles = (json: Bag): boolean =>
  Array.isArray(json['resources']) &&
  json['resources'].some((one) => asBag(asBag(one)?.['model'])?.['type'] !== undefined);

export const CIVITAI: Program = {
  name: 'Civitai',
  isIts: (json) =>
    'prompt' in json &&
    (hasFiles(json) || ['civitaiResources', 'additionalResources', 'fluxMode', 'remixOfId'].some((key) => key in json)),
  keys: { 'additional resources': readResources },
  ignored: IGNORED,
};
