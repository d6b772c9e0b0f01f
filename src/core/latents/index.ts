/** Latents: what they are to their autoencoder, and a rough picture of them. */
export { fromEncoder, toDecoder, type LatentFormat } from './latent-format';
export { latentPreview, readLatentRgb, SD15_LATENT_RGB, SDXL_LATENT_RGB, type LatentRgb } from './latent-preview';
