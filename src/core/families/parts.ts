/** Components that all families so far have in common. */
import type { Family } from './family';

export const USUAL_PARTS = {
  denoiser: 'unet',
  decoder: 'vae_decoder',
  encoder: 'vae_encoder',
  preview: 'taesd_decoder',
  previewEncoder: 'taesd_encoder',
} as const satisfies Partial<Family>;
