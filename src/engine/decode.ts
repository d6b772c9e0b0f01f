/** From the last latent to pixels. */
import { AppError } from '../core/errors';
import { planesToPixels, type Pixels } from '../core/image';
import type { LatentSize } from '../core/models';
import type { Model } from './model';

const AGAIN =
  'In half precision the picture came out as values that are not numbers, so it was developed again in full precision.';

export interface Decoded {
  pixels: Pixels;
  notice?: string;
}

/**
 * @param latent  scaled, [1, channels, height, width]
 * @throws AppError 'not-a-number' where full precision does not help
 */
export async function decodeLatent(model: Model, latent: Float32Array, size: LatentSize): Promise<Decoded> {
  const { scalingFactor, shiftFactor, latentFactor, latentChannels } = model.traits;
  const data = latent.map((value) => value / scalingFactor + shiftFactor);
  const dims = [1, latentChannels, size.height, size.width];
  const [width, height] = [size.width * latentFactor, size.height * latentFactor];
  const decode = async (): Promise<Float32Array> => {
    const decoder = await model.components.get('vae_decoder', model.shapeOf('vae_decoder', size));
    return (await decoder.run({ latent_sample: { data, dims } }))['sample'];
  };
  const planes = await decode();
  if (planes.every(Number.isFinite)) return { pixels: planesToPixels(planes, width, height) };
  if (!model.widen('vae_decoder'))
    throw new AppError('not-a-number', 'The autoencoder gives values that are not numbers for this picture.');
  const wide = await decode();
  if (wide.every(Number.isFinite)) return { pixels: planesToPixels(wide, width, height), notice: AGAIN };
  throw new AppError(
    'not-a-number',
    'The autoencoder gives values that are not numbers for this picture, in full precision too.',
  );
}
