/** Another autoencoder in place of the model's own: a reference that names it. It is read where a picture is developed or read. */
import { oneByOne, type Implementation } from './implementation';

export const useVae: Implementation<'use_vae'> = {
  identify: async ({ autoencoder }, { models }) => (autoencoder === '' ? '' : models.partRevision(autoencoder)),
  run: oneByOne(async ({ settings: { autoencoder: id, missing }, inputs: { model } }, { models }) => {
    if (id !== '')
      return { outputs: { model: { ...model, otherVae: { id, revision: await models.partRevision(id) } } } };
    const notice = `The VAE ${missing} is not here: the model’s own developed the picture. Drop its file on the page to use it.`;
    return { outputs: { model }, notices: [notice] };
  }),
};
