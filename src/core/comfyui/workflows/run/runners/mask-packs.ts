/** Packs' nodes that change masks. @see nodes/picture-packs.ts for whose they are */
import type { Place, Runners } from '../graph-walk';
import type { SizedWire } from '../values';
import { sized } from './latents';

export const MASK_PACK_RUNNERS: Runners = {
  blur_mask: (at) => {
    const items = at.each(at.take('mask', 'MASK').items, (item, part) => blurred(part, item));
    return [{ type: 'MASK', items }];
  },
  grow_blurred_mask: (at) => {
    const { items } = at.take('mask', 'MASK');
    if (at.value('fill_holes') && at.isOn('fill_holes')) throw at.stop('holes of masks are not filled here.');
    if (items.length > 1 && ['lerp_alpha', 'decay_factor'].some((name) => at.number(name) < 1))
      throw at.stop('masks that fade into the next (lerp_alpha, decay_factor) do not run here.');
    const grown = at.each(items, (item, part, i) => growBlurred(part, item, i));
    const inverted = at.each(grown, ({ wire: mask, size }, part) =>
      sized(part.wire('change_mask', 'mask', { how: 'invert' }, { mask }, 'inverted'), size),
    );
    return [
      { type: 'MASK', items: grown },
      { type: 'MASK', items: inverted },
    ];
  },
};

/** Torchvision's bell curve over 2 · kernel_size + 1 pixels, which a mask that is too small makes narrower. */
function blurred(at: Place, { wire: mask, size }: SizedWire): SizedWire {
  const radius = radiusOf(at.number('kernel_size'), size);
  if (radius === 0) return sized(mask, size);
  const image = at.wire('mask_to_image', 'image', {}, { mask }, 'picture');
  const bell = { radius, sigma: at.number('sigma') / radius };
  const soft = at.wire('blur_image', 'image', bell, { image }, 'soft');
  return sized(at.wire('image_to_mask', 'mask', { channel: 'red' }, { image: soft }), size);
}

function radiusOf(kernel: number, size: SizedWire['size']): number {
  const shortest = size ? Math.min(size.width, size.height) : Infinity;
  if (shortest > 2 * kernel + 1) return kernel;
  // An odd number of pixels, or none where it would be fewer than three.
  const half = Math.floor(shortest / 2);
  const pixels = half % 2 === 0 ? half + 1 : half;
  return pixels < 3 ? 0 : (pixels - 1) / 2;
}

/** Each mask of a batch grows by a rate more than the one before. */
function growBlurred(at: Place, { wire, size }: SizedWire, place: number): SizedWire {
  const expand = at.number('expand');
  const rate = Math.abs(at.number('incremental_expandrate')) * (expand < 0 ? -1 : 1);
  const change = (mask: typeof wire, how: string, amount: number) =>
    at.wire('change_mask', 'mask', { how, amount }, { mask }, how);
  let mask = at.isOn('flip_input') ? change(wire, 'invert', 0) : wire;
  const by = toEven(expand + place * rate);
  if (by !== 0) mask = change(mask, at.isOn('tapered_corners') ? 'grow_tapered' : 'grow', by);
  const radius = at.number('blur_radius');
  return sized(radius === 0 ? mask : change(mask, 'blur', radius), size);
}

/** As Python rounds: a half to the even number. */
function toEven(value: number): number {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(value);
}
