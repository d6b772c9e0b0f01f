/** A picture becomes a latent: the mean of what the encoder gives, so that the same picture is the same latent. */
import { AppError } from '../../core/errors';
import { toPlanes } from '../../core/image/paste';
import { cut, fromPixels, type Size } from '../../core/image/raster';
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
    const whole = inWholeSteps(image.pixels, model);
    const mean = await encodeMean(model, readable(image.pixels, whole, model), context);
    return {
      outputs: { latent: { ...model.latentSize(whole.width, whole.height), data: fromEncoder(mean, model.traits) } },
    };
  }),
};

/** Of a size, what makes whole cells, or what the model's files take. */
function inWholeSteps({ width, height }: Size, { traits: { sizeStep } }: Model): Size {
  return { width: width - (width % sizeStep), height: height - (height % sizeStep) };
}

/** Our encoders take any size, and each of their halvings drops an odd row, as torch's do; ready-made graphs may not. */
function readable(pixels: Pixels, whole: Size, { traits: { sizeStep, latentFactor } }: Model): Pixels {
  if (sizeStep === latentFactor) return pixels;
  return cut(fromPixels(pixels), { left: 0, top: 0, right: whole.width, bottom: whole.height });
}

/**
 * @returns [channels, height, width], not scaled
 * @throws AppError 'unsupported-model' where the model has no encoder
 */
export function encodeMean(
  model: Model,
  { width, height, data }: Pixels,
  { onEvent }: Pick<OperationContext, 'onEvent'>,
): Promise<Float32Array> {
  return encodePlanes(model, toPlanes(fromPixels({ width, height, data })), { width, height, onEvent });
}

/** The same of RGB in −1…1, planar. */
export async function encodePlanes(
  model: Model,
  planes: Float32Array,
  { width, height, onEvent }: Size & Pick<OperationContext, 'onEvent'>,
): Promise<Float32Array> {
  const { encoder } = model.traits.parts;
  if (!model.readsPictures)
    throw new AppError(
      'unsupported-model',
      `${model.entry.name} came without the part that reads pictures (the encoder of its VAE): it paints from words alone.`,
    );
  const sample = { data: planes, dims: [1, 3, height, width] };
  return inSoundPrecision({ model, onEvent }, 'encoder', async () => {
    const session = await model.components.get(encoder, model.shapeOf(encoder));
    const { latent_sample: mean } = await session.run({ sample });
    await model.components.release(encoder); // of use once a picture, and as large as the decoder while it runs
    if (mean.every(Number.isFinite)) return mean;
    throw new AppError('not-a-number', 'The autoencoder reads values that are not numbers from this picture.');
  });
}
