/** Stable Diffusion 1.x, and all that was tuned from it. */
import { CELL_PIXELS, type Family } from './family';
import { USUAL_PARTS } from './parts';

export const sd15: Family = {
  texts: [{ component: 'text_encoder', padding: 'end', finalNorm: true }],
  ...USUAL_PARTS,
  previewHelper: 'taesd',
  tokenizer: 'clip',
  clipSkip: 'any',
  zeroesEmptyNegative: false,
  latentChannels: 4,
  latentColours: 'sd',
  optimisedFor: 512,
  estimatedAs: 'sd15',
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 7, width: 512, height: 512 },
  size: { min: 128, max: 1024, step: CELL_PIXELS },
  work: { pass: 0.803, decode: 2.515, size: 512 },
  rank: 2,
  megabytes: {
    q8: { stored: 1117, loaded: 1733 },
    q4: { stored: 984, loaded: 1599 },
    smallest: { stored: 627, loaded: 1672 },
    float16: { stored: 2134, loaded: 2065 },
  },
};
