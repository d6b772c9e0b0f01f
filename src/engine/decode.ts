/** From the last latent to pixels. */
import { AppError } from '../core/errors';
import { planesToPixels, type Pixels } from '../core/image';
import { toDecoder } from '../core/latents';
import type { LatentSize } from '../core/models';
import type { Model } from './model';
import { assertDeveloped } from './sound-precision';

/**
 * @param latent  scaled, [1, channels, height, width]
 * @throws AppError 'not-a-number'
 */
export async function decodeLatent(model: Model, latent: Float32Array, size: LatentSize): Promise<Pixels> {
  const { latentFactor, latentChannels } = model.traits;
  const data = toDecoder(latent, model.traits);
  const dims = [1, latentChannels, size.height, size.width];
  const decoder = await model.components.get('vae_decoder', model.shapeOf('vae_decoder'));
  const { sample } = await decoder.run({ latent_sample: { data, dims } });
  if (!sample.every(Number.isFinite))
    throw new AppError('not-a-number', 'The autoencoder gives values that are not numbers for this picture.');
  assertDeveloped(sample, latent, model);
  return planesToPixels(sample, size.width * latentFactor, size.height * latentFactor);
}
