/** A latent to the cells of another size, as torch does: the first half of hires fix. */
import { interpolate } from '../../core/image/resample';
import { oneByOne, type Implementation } from './implementation';

export const resizeLatent: Implementation<'resize_latent'> = {
  run: oneByOne(async ({ settings, inputs }, { models }) => {
    const model = await models.get(inputs.model);
    const { mode, antialias } = settings;
    const { sizeStep } = model.traits;
    const [width, height] = [settings.width, settings.height].map((side) => side - (side % sizeStep));
    const to = model.latentSize(width, height);
    const { data, factor, ...from } = inputs.latent;
    const planes = data && interpolate(data, from, to, { mode, antialias });
    return { outputs: { latent: { ...to, factor, ...(planes && { data: planes }) } } };
  }),
};
