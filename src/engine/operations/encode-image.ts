/** A picture becomes a latent: the mean of what the encoder gives, so that the same picture is the same latent. */
import { AppError } from '../../core/errors';
import { toPlanes } from '../../core/image/paste';
import { fromPixels } from '../../core/image/raster';
import { fromEncoder } from '../../core/latents';
import type { Pixels } from '../../core/image';
import type { Model } from '../models/model';
import { oneByOne, type Implementation, type OperationContext } from './implementation';
import { inSoundPrecision } from './sound-precision';

export const encodeImage: Implementation<'encode_image'> = {
  stage: 'encoding',
  isKept: true,
  run: oneByOne(async ({ inputs: { model: reference, image } }, context) => {
    const model = await context.models.get(reference);
    const { width, height } = image.pixels;
    const latent = model.latentSize(width, height);
    const mean = await encodeMean(model, image.pixels, context);
    return { outputs: { latent: { ...latent, data: fromEncoder(mean, model.traits) } } };
  }),
};

/**
 * @returns [channels, height, width], not scaled
 * @throws AppError 'unsupported-model' where the model has no encoder
 */
export async function encodeMean(
  model: Model,
  { width, height, data }: Pixels,
  { onEvent }: Pick<OperationContext, 'onEvent'>,
): Promise<Float32Array> {
  const { encoder } = model.traits.parts;
  if (!model.components.has(encoder))
    throw new AppError(
      'unsupported-model',
      `${model.entry.name} came without the part that reads pictures (the encoder of its VAE): it paints from words alone.`,
    );
  const sample = { data: toPlanes(fromPixels({ width, height, data })), dims: [1, 3, height, width] };
  return inSoundPrecision({ model, onEvent }, 'encoder', async () => {
    const session = await model.components.get(encoder, model.shapeOf(encoder));
    const { latent_sample: mean } = await session.run({ sample });
    await model.components.release(encoder); // of use once a picture, and as large as the decoder while it runs
    if (mean.every(Number.isFinite)) return mean;
    throw new AppError('not-a-number', 'The autoencoder reads values that are not numbers from this picture.');
  });
}
