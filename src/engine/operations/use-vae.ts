/** Another autoencoder in place of the model's own: a reference that names it. It is read where a picture is developed or read. */
import { oneByOne, type Implementation } from './implementation';

export const useVae: Implementation<'use_vae'> = {
  identify: async ({ vae }, { models }) => (vae === '' ? '' : models.vaeRevision(vae)),
  run: oneByOne(async ({ settings: { vae: id, missing }, inputs: { model } }, { models }) => {
    if (id !== '') return { outputs: { model: { ...model, vae: { id, revision: await models.vaeRevision(id) } } } };
    const notice = `The VAE ${missing} is not here: the model’s own developed the picture. Drop its file on the page to use it.`;
    return { outputs: { model }, notices: [notice] };
  }),
};
