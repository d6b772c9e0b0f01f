/** Stable Diffusion 2.x and SD-Turbo: OpenCLIP's text encoder, whose files end at the last layer but one. */
import { CELL_PIXELS, type Family } from './family';
import { USUAL_PARTS } from './parts';

export const sd21: Family = {
  texts: [{ component: 'text_encoder', padding: 'zero', finalNorm: true }],
  ...USUAL_PARTS,
  previewHelper: 'taesd',
  tokenizer: 'clip',
  clipSkip: 'none',
  zeroesEmptyNegative: false,
  latentChannels: 4,
  latentColours: 'sd',
  optimisedFor: 512,
  estimatedAs: 'sd21',
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 7, width: 768, height: 768 },
  size: { min: 128, max: 1024, step: CELL_PIXELS },
  work: { pass: 0.804, decode: 2.515, size: 512 },
  rank: 1,
  megabytes: {
    q8: { stored: 1355, loaded: 1983 },
    q4: { stored: 1218, loaded: 1846 },
    smallest: { stored: 752, loaded: 1909 },
    float16: { stored: 2582, loaded: 2512 },
  },
};
