/** Room for a picture of so many pixels, in the cells of the model that paints it. */
import { AppError } from '../../core/errors';
import { fieldProblem } from '../../core/recipe/problems';
import { oneByOne, type Implementation } from './implementation';

export const emptyLatent: Implementation<'empty_latent'> = {
  run: oneByOne(async ({ settings: { width, height }, inputs }, { models }) => {
    const model = await models.get(inputs.model);
    const problem = fieldProblem('width', width, model.entry.size) ?? fieldProblem('height', height, model.entry.size);
    if (problem !== undefined) throw new AppError('bad-request', problem);
    return { outputs: { latent: { ...model.latentSize(width, height), factor: model.traits.latentFactor } } };
  }),
};
