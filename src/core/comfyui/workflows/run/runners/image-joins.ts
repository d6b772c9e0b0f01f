/** Pictures beside others, in frames, with noise and with what shows through. */
import { stitchedSize, type Stitching } from '../../../../image/compose/stitch';
import { STITCH_COLOURS, STITCH_SIDES } from '../../../../image/compose/stitch-choices';
import { toSeedValue } from '../../../../recipe/seed-value';
import type { Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { ImageValue, SizedWire } from '../values';
import { assertBatch, sized, withRoom } from './latents';

export const IMAGE_JOIN_RUNNERS: Runners = {
  stitch_images: (at) => {
    const colour = STITCH_COLOURS.find((one) => one === at.text('spacing_color')) ?? 'white';
    return [stitched(at, { spacing: at.number('spacing_width'), colour })];
  },
  /** KJNodes': nothing between, and no frame around the smaller one. */
  concatenate_images: (at) => {
    const [first, second] = ['image1', 'image2'].map((name) => at.take(name, 'IMAGE').items[0].size);
    const isDown = ['up', 'down'].includes(at.text('direction'));
    const side = isDown ? 'width' : 'height';
    if (!at.isOn('match_image_size') && first && second && first[side] !== second[side])
      throw at.stop(`one is ${first[side]} and the other ${second[side]} pixels in ${side}: turn match_image_size on.`);
    return [stitched(at, { spacing: 0, colour: 'black' })];
  },
  frame_image: (at) => {
    const size = { width: at.number('target_width'), height: at.number('target_height') };
    const settings = {
      ...withRoom(at, size),
      mode: at.text('interpolation'),
      isWhite: at.text('padding_color') !== 'black',
    };
    const items = at.each(at.take('image', 'IMAGE').items, ({ wire: image }, part) =>
      sized(part.wire('frame_image', 'image', settings, { image }), size),
    );
    return [{ type: 'IMAGE', items }];
  },
  grain_image: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const settings = { seed: toSeedValue(BigInt(at.whole('seed'))), strength: at.number('strength') };
    const made = at.each(items, ({ wire: image, size }, part, i) =>
      sized(part.wire('grain_image', 'image', { ...settings, ...placeOf(i, items) }, { image }), size),
    );
    return [{ type: 'IMAGE', items: made }];
  },
  // Where there are fewer pictures or masks, all come again from the first on, as ComfyUI's repeat_to_batch_size has it.
  join_alpha: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const { items: masks } = at.take('alpha', 'MASK');
    const count = Math.max(items.length, masks.length);
    assertBatch(at, count);
    const joined = Array.from({ length: count }, (_, i): SizedWire => {
      return { ...items[i % items.length], hidden: masks[i % masks.length].wire };
    });
    return [{ type: 'IMAGE', items: joined }];
  },
  split_alpha: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const masks = at.each(items, (item, part) => hiddenOf(part, item));
    return [
      { type: 'IMAGE', items: items.map(({ wire, size }) => sized(wire, size)) },
      { type: 'MASK', items: masks },
    ];
  },
};

/** A picture as it leaves: with what shows through, where that is said. */
export function leaving(at: Place, { wire: image, hidden: mask }: SizedWire, ending = ''): Wire {
  return mask ? at.wire('add_alpha', 'image', {}, { image, mask }, `${ending} alpha`.trim()) : image;
}

/** What shows through of a picture, as large as it is: nothing where nothing is said. */
export function hiddenOf(at: Place, item: SizedWire): SizedWire {
  return sized(at.wire('image_to_mask', 'mask', { channel: 'hidden' }, { image: leaving(at, item) }), item.size);
}

/** Where a picture stands among those whose noise is drawn together. */
const placeOf = (batchIndex: number, { length }: readonly unknown[]) =>
  length > 1 ? { batchIndex, batchSize: length } : {};

function stitched(at: Place, between: Pick<Stitching, 'spacing' | 'colour'>): ImageValue {
  const { items: firsts } = at.take('image1', 'IMAGE');
  const seconds = at.maybe('image2', 'IMAGE')?.items;
  if (!seconds) return { type: 'IMAGE', items: firsts };
  const how: Stitching = {
    side: STITCH_SIDES.find((side) => side === at.text('direction')) ?? 'right',
    matches: at.isOn('match_image_size'),
    ...between,
  };
  const count = Math.max(firsts.length, seconds.length);
  assertBatch(at, count);
  const nth = (items: readonly SizedWire[], i: number): SizedWire => items[Math.min(i, items.length - 1)];
  const items = at.each(Array.from({ length: count }), (_, part, i) => {
    const [first, second] = [nth(firsts, i), nth(seconds, i)];
    const size = first.size && second.size && stitchedSize(first.size, second.size, how);
    const known = size && withRoom(at, { width: size.width, height: size.height });
    return sized(part.wire('stitch_images', 'image', how, { first: first.wire, second: second.wire }), known);
  });
  return { type: 'IMAGE', items };
}
