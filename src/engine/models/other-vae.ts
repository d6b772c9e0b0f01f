/** An autoencoder of another file, which takes the place of a model's own. */
import { AppError } from '../../core/errors';
import { openPart, type PartPlace } from './other-part';
import type { OtherPart, PartUse } from './part-use';

/**
 * Latents are scaled as the model says, not as the autoencoder's file does: so do A1111 and ComfyUI.
 * @throws AppError as openPart; 'unsupported-model' where its latents are of another kind
 */
export async function openOtherVae(use: PartUse, place: PartPlace): Promise<OtherPart> {
  const { model, source } = place;
  const { pack, part } = await openPart(use, place, { what: 'VAE', roles: ['decoder', 'encoder'] });
  const { traits } = source;
  const own = part.networks.get(traits.parts.decoder);
  if (!own) throw new AppError('unsupported-model', `${pack.name} has no decoder: it is no VAE for ${model.name}.`);
  const { latentChannels = 0, latentFactor = 0 } = own.sizes.autoencoder ?? {};
  if (latentChannels !== traits.latentChannels || latentFactor !== traits.latentFactor)
    throw new AppError(
      'unsupported-model',
      `The VAE ${pack.name} reads latents of ${latentChannels} channels in cells of ${latentFactor} pixels; those of ${model.name} have ${traits.latentChannels} and ${traits.latentFactor}. Choose the model's own VAE.`,
    );
  return part;
}
