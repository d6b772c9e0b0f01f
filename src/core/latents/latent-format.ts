/** What a latent is to its autoencoder: channels, cells, and the numbers between the two. */
import type { LatentRgb } from './latent-preview';

export interface LatentFormat {
  latentChannels: number;
  /** Pixels per latent cell along a side. */
  latentFactor: number;
  /** A latent that is denoised is (the autoencoder's − shift) · scale. */
  scalingFactor: number;
  shiftFactor: number;
  /** How to paint a preview from its latents, where that is known. */
  latentRgb: LatentRgb | undefined;
}

type Scale = Pick<LatentFormat, 'scalingFactor' | 'shiftFactor'>;

/** Converts a latent as it is denoised to what the decoder reads. A new array. */
export function toDecoder(latent: Float32Array, { scalingFactor, shiftFactor }: Scale): Float32Array {
  return latent.map((value) => value / scalingFactor + shiftFactor);
}

/** Converts what the encoder gives, its mean, to a latent as it is denoised. A new array. */
export function fromEncoder(mean: Float32Array, { scalingFactor, shiftFactor }: Scale): Float32Array {
  return mean.map((value) => (value - shiftFactor) * scalingFactor);
}
