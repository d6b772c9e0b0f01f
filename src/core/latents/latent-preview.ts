/** A rough picture from a latent without the autoencoder: one pixel a cell, each colour a weighted sum of channels. */
import { planesToPixels, type Pixels } from '../image/pixels';

/** Fitted per latent space: RGB in −1…1 ≈ latent · factors + bias. */
export interface LatentRgb {
  /** [latent channels][3] */
  factors: readonly (readonly [number, number, number])[];
  bias: readonly [number, number, number];
}

/** @param latent  [1, channels, height, width], as the U-Net sees it (scaled) */
export function latentPreview(
  latent: Float32Array,
  width: number,
  height: number,
  { factors, bias }: LatentRgb,
): Pixels {
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let colour = 0; colour < 3; colour++) {
    planes.fill(bias[colour], colour * count, (colour + 1) * count);
    factors.forEach((factor, channel) => {
      for (let i = 0; i < count; i++) planes[colour * count + i] += factor[colour] * latent[channel * count + i];
    });
  }
  return planesToPixels(planes, width, height);
}

/** @returns the numbers of a model's own file, or undefined where they do not fit `channels` */
export function readLatentRgb(json: unknown, channels: number): LatentRgb | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { latent_rgb_factors: factors, latent_rgb_bias: bias } = json as Record<string, unknown>;
  const isTriple = (value: unknown): value is [number, number, number] =>
    Array.isArray(value) && value.length === 3 && value.every((n) => Number.isFinite(n));
  if (!Array.isArray(factors) || factors.length !== channels || !factors.every(isTriple) || !isTriple(bias))
    return undefined;
  return { factors, bias };
}
