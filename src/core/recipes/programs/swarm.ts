/** SwarmUI's `sui_image_params`, in pictures and beside them. @see SwarmUI docs/Image Metadata Format.md, T2IParamTypes.cs */
import { asBag } from '../json-pairs';
import { toNumber } from './draft';
import { readLoraLists } from './loras';
import { readElsewhere, type Program, type Reader } from './program';

/** Tags from which on the words are of another pass, or of a part of the picture. */
const PASS = /<(?:segment|object|region|refiner|base|video|videoswap|extend|edit|clear)\b[^>]*>/i;

const readPrompt: Reader = (value, draft) => {
  const text = String(value);
  const [tag] = PASS.exec(text) ?? [];
  draft.prompt ??= tag === undefined ? text : text.slice(0, text.indexOf(tag)).trim();
  if (tag !== undefined)
    draft.note('prompt', `From "${tag}" on, the prompt is of a part or a pass that is not carried over.`);
};

/** 0 is the whole picture, 5 the first pass: all others are a part or another pass. */
const readConfinement: Reader = (value, draft) => {
  const list = Array.isArray(value) ? (value as unknown[]) : String(value).split(',');
  if (list.map(toNumber).some((section) => section !== undefined && section > 0 && section !== 5))
    draft.note('lorasectionconfinement', 'A LoRA was for a part or a pass alone: here it acts on the whole picture.');
};

export const SWARM: Program = {
  name: 'SwarmUI',
  isIts: (json) =>
    asBag(json['sui_image_params']) !== undefined ||
    ('prompt' in json && ('swarm_version' in json || ('negativeprompt' in json && 'cfgscale' in json))),
  flatten(json) {
    const bag = asBag(json['sui_image_params']) ?? json;
    // Its workflow has these where nothing is asked for.
    const hasSampler = ['sampler', 'comfyuisampler'].some((key) => key in bag);
    return hasSampler ? bag : { sampler: 'euler', scheduler: 'normal', ...bag };
  },
  isComfy: true,
  keys: {
    prompt: readPrompt,
    loras: (names, draft, keys) => readLoraLists(names, keys.get('loraweights'), draft, keys.get('loratencweights')),
    loraweights: readElsewhere,
    loratencweights: readElsewhere,
    lorasectionconfinement: readConfinement,
    // The older names of the same.
    comfyuisampler: (value, draft) => draft.put('Sampler', value),
    comfyuischeduler: (value, draft) => draft.put('Schedule type', value),
    // Without a picture it is 0.
    initimagecreativity: (value, draft, keys) => {
      if (keys.has('initimage') || (toNumber(value) ?? 0) > 0) draft.put('Denoising strength', value);
    },
    initimage: readElsewhere,
    // −1 is the last layer.
    clipstopatlayer: (value, draft) => draft.put('Clip skip', toNumber(value) === -1 ? undefined : value),
    seamlesstileable: (value, draft) => draft.put('Tiling', value === 'false' ? undefined : value),
    refinercontrolpercentage: (value, draft, keys) => {
      const model = keys.get('refinermodel');
      const upscale = toNumber(keys.get('refinerupscale')) ?? 1;
      const control = toNumber(value) ?? 0;
      if (control > 0 || upscale > 1)
        draft.note(
          'refinermethod',
          `SwarmUI's refiner (control ${control}, upscale ${upscale}${typeof model === 'string' ? `, ${model}` : ''}) is not carried over.`,
        );
    },
    refinermethod: readElsewhere,
    refinermodel: readElsewhere,
    refinerupscale: readElsewhere,
    refinerupscalemethod: readElsewhere,
  },
  ignored: [
    'aspectratio',
    'swarm version',
    'original prompt',
    'originalprompt',
    'nopreviews',
    'imageformat',
    'personalnote',
    'batchsize',
    'wildcardseed',
    'wildcardseedbehavior',
    'used wildcards',
    'donotsave',
    'automaticvae',
    'modelspecificenhancements',
    'used embeddings',
    'bitdepth',
    'sidelength',
    'altresolutionheightmultiplier',
    'rawresolution',
    'internalbackendtype',
    'exactbackendid',
    'dontsaveintermediates',
    'outpath',
    'savesegmentmask',
    'session id',
    'extra metadata',
  ],
};
