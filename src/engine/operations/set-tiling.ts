/** Pictures that go on at their opposite edge: a reference that says so. It is read where a part of the model is loaded. */
import { oneByOne, type Implementation } from './implementation';

export const setTiling: Implementation<'set_tiling'> = {
  run: oneByOne(({ settings: { denoiser, autoencoder }, inputs: { model } }) => {
    const tiling = {
      ...model.tiling,
      ...(denoiser !== 'none' && { denoiser }),
      ...(autoencoder !== 'none' && { autoencoder }),
    };
    return Promise.resolve({ outputs: { model: { ...model, tiling } } });
  }),
};
