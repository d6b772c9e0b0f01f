/** Text encoders of another file in place of the model's own: a reference that names it. They are read where a prompt is. */
import { oneByOne, type Implementation } from './implementation';

export const useTextEncoders: Implementation<'use_text_encoders'> = {
  identify: async ({ file }, { models }) => (file === '' ? '' : models.partRevision(file)),
  run: oneByOne(async ({ settings: { file: id, missing }, inputs: { model } }, { models }) => {
    if (id !== '') {
      const use = { id, revision: await models.partRevision(id) };
      return { outputs: { model: { ...model, otherTexts: [...(model.otherTexts ?? []), use] } } };
    }
    const notice = `The text encoder ${missing} is not here: the model’s own read the prompt. Drop its file on the page to use it.`;
    return { outputs: { model }, notices: [notice] };
  }),
};
