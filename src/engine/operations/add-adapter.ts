/** A LoRA on top of a model: a longer reference. It is read where a part of the model is needed. */
import { oneByOne, type Implementation } from './implementation';

export const addAdapter: Implementation<'add_adapter'> = {
  identify: ({ adapter }, { models }) => Promise.resolve(models.adapterRevision(adapter)),
  run: oneByOne(({ settings: { adapter: id, denoiser, text }, inputs: { model } }, { models }) => {
    const use = { id, revision: models.adapterRevision(id), denoiser, text };
    return Promise.resolve({ outputs: { model: { ...model, adapters: [...model.adapters, use] } } });
  }),
};
