/** How latents of the published autoencoders are painted without them: apart from the families, which the page holds from the start. */
import type { LatentRgb } from '../latents/latent-preview';

/** The autoencoder of Stable Diffusion 1.x and 2.x. @see ComfyUI comfy/latent_formats.py SD15.latent_rgb_factors */
const sd: LatentRgb = {
  factors: [
    [0.3512, 0.2297, 0.3227],
    [0.325, 0.4974, 0.235],
    [-0.2829, 0.1762, 0.2721],
    [-0.212, -0.2616, -0.7177],
  ],
  bias: [0, 0, 0],
};

/** XL's. @see ComfyUI comfy/latent_formats.py SDXL.latent_rgb_factors */
const xl: LatentRgb = {
  factors: [
    [0.3651, 0.4232, 0.4341],
    [-0.2533, -0.0042, 0.1068],
    [0.1076, 0.1111, -0.0362],
    [-0.3165, -0.2492, -0.2188],
  ],
  bias: [0.1084, -0.0175, -0.0011],
};

export const LATENT_COLOURS = { sd, xl } as const;

export type LatentColours = keyof typeof LATENT_COLOURS;
