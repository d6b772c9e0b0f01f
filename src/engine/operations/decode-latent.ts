/** A latent becomes pixels. */
import { decodeLatent } from './decode';
import { oneByOne, type Implementation } from './implementation';
import { inSoundPrecision } from './sound-precision';

export const decodeLatentOperation: Implementation<'decode_latent'> = {
  stage: 'decoding',
  run: oneByOne(async ({ inputs: { model: reference, latent } }, { models, onEvent, pause }) => {
    const model = await models.get(reference);
    const data = latent.data ?? new Float32Array(model.traits.latentChannels * latent.height * latent.width);
    const image = await inSoundPrecision({ model, onEvent }, 'decoder', () =>
      decodeLatent({ model, onEvent, pause }, data, latent),
    );
    return { outputs: { image } };
  }),
};
