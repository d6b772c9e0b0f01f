/** Stable Diffusion XL, and all that was tuned from it: two text encoders side by side, and a U-Net that is told sizes. */
import { CELL_PIXELS, type Family } from './family';
import { SDXL_LATENT_RGB } from './latent-colours';

export const sdxl: Family = {
  series: 'Stable Diffusion',
  version: 'XL',
  shortName: 'SDXL',
  signs: {
    contextWidth: 2048,
    structure: { hasAdded: true },
    textWidth: 1280,
    /** Pony V7 is another kind. @see Civitai's base models */
    base: /^(?!.*[Rr]efiner)(SDXL|Pony(?! V7)|Illustrious|NoobAI)/,
    name: /sd_?xl|taesdxl|stable-diffusion-xl|xl[-_]?vae/i,
  },
  texts: [
    { component: 'text_encoder', padding: 'end', finalNorm: false },
    { component: 'text_encoder_2', padding: 'zero', finalNorm: false },
  ],
  denoiser: 'unet',
  decoder: 'vae_decoder',
  encoder: 'vae_encoder',
  preview: 'taesd_decoder',
  previewEncoder: 'taesd_encoder',
  previewHelper: 'taesdxl',
  tokenizer: 'clip',
  clipSkip: 'from_two',
  tellsSize: true,
  latentChannels: 4,
  latentRgb: SDXL_LATENT_RGB,
  optimisedFor: 1024,
  published: { base: 'sdxl', inpaint: 'sdxl-inpaint', instruct: 'sdxl-instruct', turbo: 'sdxl-turbo' },
  estimatedAs: 'sdxl',
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 6, width: 1024, height: 1024 },
  size: { min: 256, max: 1536, step: CELL_PIXELS },
  work: { pass: 6.761, decode: 10.47, size: 1024 },
  rank: 3,
  megabytes: {
    q8: { stored: 3678, loaded: 4124 },
    q4: { stored: 2574, loaded: 3020 },
    float16: { stored: 6943, loaded: 6870 },
  },
};
