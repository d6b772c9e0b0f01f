/** Stable Diffusion XL, and all that was tuned from it: two text encoders side by side, and a U-Net that is told sizes. */
import { CELL_PIXELS, type Family } from './family';
import { USUAL_PARTS } from './parts';

export const sdxl: Family = {
  texts: [
    { component: 'text_encoder', padding: 'end', finalNorm: false },
    { component: 'text_encoder_2', padding: 'zero', finalNorm: false, isPooled: true },
  ],
  ...USUAL_PARTS,
  previewHelper: 'taesdxl',
  tokenizer: 'clip',
  clipSkip: 'from_two',
  zeroesEmptyNegative: true,
  tells: ['size', 'crop', 'target'],
  latentChannels: 4,
  latentColours: 'xl',
  optimisedFor: 1024,
  estimatedAs: 'sdxl',
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 6, width: 1024, height: 1024 },
  size: { min: 256, max: 1536, step: CELL_PIXELS },
  work: { pass: 6.761, decode: 10.47, size: 1024 },
  rank: 3,
  megabytes: {
    q8: { stored: 3678, loaded: 4124 },
    q4: { stored: 2574, loaded: 3020 },
    smallest: { stored: 1876, loaded: 4009 },
    float16: { stored: 6943, loaded: 6870 },
  },
};
