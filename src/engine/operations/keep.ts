/** What a workflow is for: an image that leaves it. */
import { oneByOne, type Implementation } from './implementation';

export const keep: Implementation<'keep'> = {
  run: oneByOne(({ inputs }, context) => {
    context.keep(inputs.image);
    return Promise.resolve({ outputs: {} });
  }),
};
