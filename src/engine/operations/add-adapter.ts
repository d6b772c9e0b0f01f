/** A LoRA on top of a model: a longer reference. It is read where a part of the model is needed. */
import { assertStrength, parseBlockWeights } from '../../core/adapters';
import type { AdapterUse } from '../models/adapters';
import { oneByOne, type Implementation } from './implementation';

export const addAdapter: Implementation<'add_adapter'> = {
  identify: ({ adapter }, { models }) => Promise.resolve(models.adapterRevision(adapter)),
  run: oneByOne(({ settings: { adapter: id, denoiser, text, blocks, unread }, inputs: { model } }, { models }) => {
    // Beside the weights it would be a number like any other, and the picture black.
    for (const strength of [denoiser, text]) assertStrength(strength, id);
    const isRead = blocks === '' || parseBlockWeights(blocks) !== undefined;
    const use: AdapterUse = {
      id,
      revision: models.adapterRevision(id),
      denoiser,
      text,
      ...(blocks !== '' && isRead && { blocks }),
    };
    return Promise.resolve({
      outputs: { model: { ...model, adapters: [...model.adapters, use] } },
      notices: [
        ...(isRead ? [] : [unreadBlocks(blocks)]),
        ...(unread === '' ? [] : [`${unread} was left out: it is not read here.`]),
      ],
    });
  }),
};

const unreadBlocks = (blocks: string): string =>
  `lbw=${blocks} was left out, and the LoRA used in all blocks: it must be 12, 17, 20 or 26 numbers with commas between them, or a name such as OUTD.`;
