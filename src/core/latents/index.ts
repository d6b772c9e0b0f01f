/** Latents: what they are to their autoencoder, and a rough picture of them. */
export { fromEncoder, toDecoder, type LatentFormat } from './latent-format';
export { latentPreview, readLatentRgb, type LatentRgb } from './latent-preview';
