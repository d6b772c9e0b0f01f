/** A model of two: a longer reference. Weights are mixed where a part of it is loaded. */
import { assertStrength } from '../../core/adapters';
import { blendOf, readShares, writtenShare, type BlendShare } from '../models/blends';
import { oneByOne, type Implementation } from './implementation';

export const blendModels: Implementation<'blend_models'> = {
  run: oneByOne(({ settings: { own, other, ownText, otherText }, inputs: { model, other: second } }) => {
    const shareOf = (denoiser: string, text: number): BlendShare => {
      for (const [, share] of [...readShares(denoiser), ['', text] as const]) assertStrength(share, second.id);
      return writtenShare(denoiser, text);
    };
    const shares = { own: shareOf(own, ownText), other: shareOf(other, otherText) };
    return Promise.resolve({ outputs: { model: blendOf(model, second, shares) } });
  }),
};
