/** Masks: made, taken out of pictures, changed; and the inputs of models that see them. */
import type { OperationId } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { LatentItem, MaskValue } from '../values';
import { hiddenOf } from './image-joins';
import { keepAll } from './images';
import { box } from './latent-mixes';
import { encoded, latent, sized, withRoom } from './latents';

export const MASK_RUNNERS: Runners = {
  mask_to_image: (at) => [{ type: 'IMAGE', items: imagesOf(at) }],
  preview_mask: (at) => {
    keepAll(at, imagesOf(at), undefined);
    return [at.take('mask', 'MASK')];
  },
  image_to_mask: (at) => {
    const channel = at.text('channel');
    if (channel !== 'alpha') return [ofImage(at, { channel })];
    const { items } = at.take('image', 'IMAGE');
    if (items.some(({ hidden }) => !hidden))
      throw at.stop('this picture has no alpha here; take the mask of "Load Image", or its other way round.');
    const seen = at.each(items, (item, part) => {
      const { wire: mask, size } = hiddenOf(part, item);
      return sized(part.wire('change_mask', 'mask', { how: 'invert' }, { mask }, 'seen'), size);
    });
    return [{ type: 'MASK', items: seen }];
  },
  colour_to_mask: (at) => [ofImage(at, { channel: 'colour', colour: at.number('color') })],
  solid_mask: (at) => {
    const size = withRoom(at, { width: at.number('width'), height: at.number('height') });
    const mask = at.wire('solid_mask', 'mask', { ...size, level: at.number('value') });
    return [{ type: 'MASK', items: [sized(mask, size)] }];
  },
  invert_mask: (at) => [each(at, 'change_mask', { how: 'invert' })],
  threshold_mask: (at) => [each(at, 'change_mask', { how: 'threshold', amount: at.number('value') })],
  grow_mask: (at) => {
    const how = at.isOn('tapered_corners') ? 'grow_tapered' : 'grow';
    return [each(at, 'change_mask', { how, amount: at.number('expand') })];
  },
  crop_mask: (at) => [each(at, 'crop_mask', box(at))],
  feather_mask: (at) => [
    each(
      at,
      'feather_mask',
      Object.fromEntries(['left', 'top', 'right', 'bottom'].map((name) => [name, at.number(name)])),
    ),
  ],
  compose_masks: (at) => {
    const { items: sources } = at.take('source', 'MASK');
    const settings = { how: at.text('operation'), x: at.number('x'), y: at.number('y') };
    const items = at.each(at.take('destination', 'MASK').items, ({ wire: to, size }, part, i) => {
      const from = sources[i % sources.length].wire;
      return sized(part.wire('compose_masks', 'mask', settings, { to, from }), size);
    });
    return [{ type: 'MASK', items }];
  },
  /** Models that see no mask paint as without it. */
  tell_masked: (at) => {
    const [{ items: pixels }, { items: masks }] = [at.take('pixels', 'IMAGE'), at.take('mask', 'MASK')];
    const isMasked = at.value('noise_mask') ? at.isOn('noise_mask') : true;
    const seen = { images: pixels.map(({ wire }) => wire), masks: masks.map(({ wire }) => wire) };
    const items = at.each(pixels, (image, part, i) => ({
      ...encoded(part, image),
      ...(isMasked && { mask: masks[i % masks.length].wire }),
    }));
    const sides = ['positive', 'negative'].map((side) => {
      const value = at.take(side, 'CONDITIONING');
      return { ...value, items: value.items.map((item) => ({ ...item, seen })) };
    });
    return [...sides, latent(items)];
  },
  /** A picture for models that edit one by their text, and a latent of nothing of its size. Others do not look at it. */
  show_edited: (at) => {
    const { items: pixels } = at.take('pixels', 'IMAGE');
    const seen = { images: pixels.map(({ wire }) => wire) };
    const items = at.each(pixels, (image, part): LatentItem => {
      const read = encoded(part, image);
      const nothing = { how: 'multiply', amount: 0 };
      return { ...read, wire: (near) => part.wire('mix_latents', 'latent', nothing, { first: read.wire(near) }, 'nothing') }; // prettier-ignore
    });
    const sides = ['positive', 'negative'].map((side) => {
      const value = at.take(side, 'CONDITIONING');
      return { ...value, items: value.items.map((item) => ({ ...item, seen })) };
    });
    return [...sides, latent(items)];
  },
};

const imagesOf = (at: Place) =>
  at.each(at.take('mask', 'MASK').items, ({ wire: mask, size }, part) =>
    sized(part.wire('mask_to_image', 'image', {}, { mask }, 'picture'), size),
  );

function ofImage(at: Place, settings: object): MaskValue {
  const items = at.each(at.take('image', 'IMAGE').items, ({ wire: image, size }, part) =>
    sized(part.wire('image_to_mask', 'mask', settings, { image }), size),
  );
  return { type: 'MASK', items };
}

function each(at: Place, operation: OperationId, settings: object): MaskValue {
  const items = at.each(at.take('mask', 'MASK').items, ({ wire: mask, size }, part) =>
    sized(part.wire(operation, 'mask', settings, { mask }), operation === 'crop_mask' ? undefined : size),
  );
  return { type: 'MASK', items };
}
