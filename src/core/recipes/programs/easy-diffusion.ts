/** Easy Diffusion: the request's keys in JSON, or the page's labels, one text of a PNG each. @see easydiffusion/utils/save_utils.py */
import { readEasyDiffusion } from './controls';
import { fileStem, isNothing } from './draft';
import { readLoraLists } from './loras';
import { readElsewhere, type Program, type Reader } from './program';

const readModelPath: Reader = (value, draft) => {
  if (typeof value === 'string' && !isNothing(value)) draft.put('Model', fileStem(value));
};

const readVaePath: Reader = (value, draft) => {
  if (typeof value === 'string' && !isNothing(value)) draft.put('VAE', fileStem(value));
};

const readList =
  (...weights: readonly string[]): Reader =>
  (value, draft, keys) =>
    readLoraLists(
      value,
      weights.map((key) => keys.get(key)).find((found) => found !== undefined),
      draft,
    );

export const EASY_DIFFUSION: Program = {
  name: 'Easy Diffusion',
  isIts: (json) =>
    'use_stable_diffusion_model' in json ||
    ('Stable Diffusion model' in json && ('Prompt' in json || 'Seed' in json)) ||
    ('num_inference_steps' in json && 'sampler_name' in json),
  keys: {
    'use stable diffusion model': readModelPath,
    'stable diffusion model': readModelPath,
    'use vae model': readVaePath,
    'vae model': readVaePath,
    'use controlnet model': readEasyDiffusion,
    'control net model': readEasyDiffusion,
    'control filter to apply': readElsewhere,
    'control net filter': readElsewhere,
    'control alpha': readElsewhere,
    'use lora model': readList('lora alpha'),
    'lora model': readList('lora strength', 'lora alpha'),
    'lora alpha': readElsewhere,
    'lora strength': readElsewhere,
    'hypernetwork strength': readElsewhere,
    tiling: (value, draft) => {
      if (!isNothing(value)) draft.put('Tiling', value);
    },
  },
  ignored: [
    'stream progress updates',
    'stream image progress',
    'stream image progress interval',
    'show only filtered image',
    'block nsfw',
    'output format',
    'output quality',
    'output lossless',
    'metadata output format',
    'original prompt',
    'active tags',
    'inactive tags',
    'save to disk path',
    'used random seed',
    'vram usage level',
    'session id',
    'use text encoder model',
    'upscale amount',
    'device',
    'enable vae tiling',
    'num outputs total',
    'preserve init image color profile',
    'strict mask border',
    'upscale tile size',
    'latent upscaler steps',
    'model type',
  ],
};
