/** The refiner of Stable Diffusion XL: the larger text encoder alone, and a U-Net that is told how beautiful the picture is to be. */
import { CELL_PIXELS, type Family } from './family';
import { USUAL_PARTS } from './parts';

export const sdxlRefiner: Family = {
  texts: [{ component: 'text_encoder_2', padding: 'zero', finalNorm: false, isPooled: true }],
  ...USUAL_PARTS,
  previewHelper: 'taesdxl',
  tokenizer: 'clip',
  clipSkip: 'from_two',
  zeroesEmptyNegative: true,
  tells: ['size', 'crop', 'score'],
  latentChannels: 4,
  latentColours: 'xl',
  optimisedFor: 1024,
  estimatedAs: 'sdxl-refiner',
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 6, width: 1024, height: 1024 },
  size: { min: 256, max: 1536, step: CELL_PIXELS },
  work: { pass: 7.286, decode: 10.47, size: 1024 },
  rank: 0,
  megabytes: {
    q8: { stored: 3209, loaded: 4097 },
    q4: { stored: 2510, loaded: 3398 },
    smallest: { stored: 1650, loaded: 4001 },
    float16: { stored: 6080, loaded: 6008 },
  },
};
