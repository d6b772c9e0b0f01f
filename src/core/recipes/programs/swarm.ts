/** SwarmUI's `sui_image_params`, in pictures and beside them. @see SwarmUI docs/Image Metadata Format.md, T2IParamTypes.cs */
import { asBag } from '../json-pairs';
import { SWARM_CONTROLS } from './controls';
import { fileStem, isNothing, toNumber, type Draft } from './draft';
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

/**
 * The one of its three methods that is A1111's refiner: the other model goes on with the noise that is there. With "StepSwap" it begins with
 * noise of its own, with "PostApply" it paints the finished latent over.
 */
function carryNoisySwap(draft: Draft, keys: Parameters<Reader>[2]): boolean {
  const [model, method] = [keys.get('refinermodel'), keys.get('refinermethod')];
  const [steps, upscale = 1, control = 0] = ['steps', 'refinerupscale', 'refinercontrolpercentage'].map((key) =>
    toNumber(keys.get(key)),
  );
  const isOwn = ['refinersteps', 'refinercfgscale', 'refinersampler', 'refinerscheduler', 'refinervae'].some(
    (key) => !isNothing(keys.get(key)) && keys.get(key) !== keys.get(key.replace('refiner', '')),
  );
  if (method !== 'StepSwapNoisy' || typeof model !== 'string' || !steps || upscale !== 1 || isOwn) return false;
  draft.put('Refiner', fileStem(model));
  draft.put('Refiner switch at', roundedToEven(steps * (1 - control)) / steps);
  draft.put('Refiner switch by sampling steps', 'True');
  return true;
}

/** As C# rounds. */
function roundedToEven(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value % 1) === 0.5 && whole % 2 !== 0 ? whole - 1 : whole;
}

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
    ...SWARM_CONTROLS,
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
      if (carryNoisySwap(draft, keys)) return;
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
