/** Another autoencoder in place of the model's own: a reference that names it. It is read where a picture is developed or read. */
import { oneByOne, type Implementation } from './implementation';

export const useVae: Implementation<'use_vae'> = {
  identify: ({ vae }, { models }) => models.vaeRevision(vae),
  run: oneByOne(async ({ settings: { vae: id }, inputs: { model } }, { models }) => ({
    outputs: { model: { ...model, vae: { id, revision: await models.vaeRevision(id) } } },
  })),
};
