/** A latent to another size by itself, as ComfyUI's nodes count it. */
import { centreBox, scaledSize } from '../../core/image/geometry/scaled-size';
import { interpolate } from '../../core/image/resample';
import { cutTile } from '../../core/image';
import { oneByOne, type Implementation } from './implementation';

/** Of ComfyUI: whatever the model, it counts eight pixels a cell, and no side below 64. */
const CELLS = { step: 8, least: 64 };

export const scaleLatent: Implementation<'scale_latent'> = {
  run: oneByOne(({ settings, inputs: { latent } }) => {
    const { data, ...from } = latent;
    const to = scaledSize(from, settings, CELLS);
    if (!data) return Promise.resolve({ outputs: { latent: to } });
    const box =
      settings.crop === 'center' ? centreBox(from, to) : { left: 0, top: 0, right: from.width, bottom: from.height };
    const part = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
    const planes = interpolate(cutTile(data, from, part), part, to, { mode: settings.mode });
    return Promise.resolve({ outputs: { latent: { ...to, data: planes } } });
  }),
};
