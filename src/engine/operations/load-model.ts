/** A model by its id: a reference, which is resolved where a part of it is needed. */
import { oneByOne, type Implementation } from './implementation';

export const loadModel: Implementation<'load_model'> = {
  identify: async ({ model }, { models }) => (await models.refer(model)).revision,
  run: oneByOne(async ({ settings }, { models }) => ({ outputs: { model: await models.refer(settings.model) } })),
};
