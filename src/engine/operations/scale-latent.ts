/** A latent to another size by itself, as ComfyUI's nodes count it. */
import { centrePart } from '../../core/image/compose/centred';
import { scaledSize } from '../../core/image/geometry/scaled-size';
import { interpolate } from '../../core/image/resample';
import { cutTile } from '../../core/image';
import { bislerp } from '../../core/latents/bislerp';
import { oneByOne, type Implementation } from './implementation';

/** No side is below so many pixels. */
const LEAST = 64;

export const scaleLatent: Implementation<'scale_latent'> = {
  run: oneByOne(({ settings, inputs: { latent } }) => {
    const { data, factor, ...from } = latent;
    const to = scaledSize(from, settings, { step: factor, least: LEAST });
    if (!data) return Promise.resolve({ outputs: { latent: { ...to, factor } } });
    const part = settings.crop === 'center' ? centrePart(from, to) : { ...from, x: 0, y: 0 };
    const { mode } = settings;
    const cropped = cutTile(data, from, part);
    const planes = mode === 'bislerp' ? bislerp(cropped, part, to) : interpolate(cropped, part, to, { mode });
    return Promise.resolve({ outputs: { latent: { ...to, factor, data: planes } } });
  }),
};
