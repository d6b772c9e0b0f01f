/** Pictures: loaded, scaled, cut, mixed, saved. */
import { scaledSize, totalSize } from '../../../../image/geometry/scaled-size';
import { turned, type Turn } from '../../../../image/geometry/turns';
import type { Size } from '../../../../image/raster';
import type { OperationId } from '../../../../workflow';
import { wire as wireOf } from '../../../../workflow/make-node';
import { asApiLink } from '../../convert/prompt';
import type { Place, Runners } from '../graph-walk';
import type { ImageValue, SizedWire } from '../values';
import { leaving } from './image-joins';
import { box, noteBatches, turnOf } from './latent-mixes';
import { assertBatch, sized, withRoom } from './latents';

export const IMAGE_RUNNERS: Runners = {
  load_image: (at) => {
    const image = at.file('input', 'image');
    const size = at.walk.inventory.sizeOf?.(image);
    const mask = at.wire('load_mask', 'mask', { image, channel: 'hidden' }, {}, 'mask');
    return [
      { type: 'IMAGE', items: [sized(at.wire('load_image', 'image', { image, dropsAlpha: true }), size)] },
      { type: 'MASK', items: [sized(mask, size)] },
    ];
  },
  load_mask: (at) => {
    const image = at.file('input', 'image');
    const said = at.text('channel');
    const mask = at.wire('load_mask', 'mask', { image, channel: said === 'alpha' ? 'hidden' : said });
    return [{ type: 'MASK', items: [sized(mask, at.walk.inventory.sizeOf?.(image))] }];
  },
  scale_image: (at) => {
    const [width, height] = [at.number('width'), at.number('height')];
    if (width === 0 && height === 0) return [at.take('image', 'IMAGE')];
    const settings = { width, height, factor: 0, mode: at.text('upscale_method') };
    return [each(at, 'scale_image', { ...settings, crop: at.text('crop') }, (size) => scaledSize(size, settings))];
  },
  scale_image_by: (at) => {
    const settings = { width: 0, height: 0, factor: at.number('scale_by'), mode: at.text('upscale_method') };
    return [each(at, 'scale_image', settings, (size) => scaledSize(size, settings))];
  },
  scale_to_total: (at) => {
    const step = at.value('resolution_steps') ? at.number('resolution_steps') : 1;
    return [matched(at, { megapixels: at.number('megapixels'), most: 0, step })];
  },
  scale_to_longest: (at) => [matched(at, { megapixels: 0, most: at.number('largest_size'), step: 1 })],
  upscale_image: (at) => {
    const { id: upscaler } = at.take('upscale_model', 'UPSCALE_MODEL');
    return [each(at, 'upscale_image', { upscaler }, () => undefined)];
  },
  pad_image: (at) => {
    const sides = Object.fromEntries(['left', 'top', 'right', 'bottom'].map((name) => [name, at.number(name)]));
    const settings = { ...sides, feathering: at.number('feathering') };
    const padded = at.each(at.take('image', 'IMAGE').items, ({ wire: image, size }, part) => ({
      id: part.add('pad_image', settings, { image }),
      size: withRoom(
        at,
        size && {
          width: size.width + sides['left'] + sides['right'],
          height: size.height + sides['top'] + sides['bottom'],
        },
      ),
    }));
    return [
      { type: 'IMAGE', items: padded.map(({ id, size }) => sized(wireOf(id, 'image'), size)) },
      { type: 'MASK', items: padded.slice(0, 1).map(({ id, size }) => sized(wireOf(id, 'mask'), size)) },
    ];
  },
  crop_image: (at) => {
    const { x, y, width, height } = box(at);
    return [
      each(at, 'crop_image', { x, y, width, height }, (size) => ({
        width: Math.min(width, size.width - Math.min(x, size.width - 1)),
        height: Math.min(height, size.height - Math.min(y, size.height - 1)),
      })),
    ];
  },
  flip_image: (at) => [turn(at, at.text('flip_method').startsWith('x') ? 'vertically' : 'horizontally')],
  rotate_image: (at) => [turn(at, turnOf(at.text('rotation')))],
  invert_image: (at) => [each(at, 'invert_image', {})],
  draw_edges: (at) => {
    const [low, high] = [at.number('low_threshold'), at.number('high_threshold')];
    if (low > high) throw at.stop(`low_threshold is ${low}; it must not be above high_threshold, which is ${high}.`);
    return [each(at, 'draw_edges', { low, high })];
  },
  blur_image: (at) => [each(at, 'blur_image', { radius: at.number('blur_radius'), sigma: at.number('sigma') })],
  sharpen_image: (at) => [
    each(at, 'sharpen_image', {
      ...{ radius: at.number('sharpen_radius'), sigma: at.number('sigma'), alpha: at.number('alpha') },
    }),
  ],
  blend_images: (at) => {
    const { items: others } = at.take('image2', 'IMAGE');
    const settings = { blend: at.text('blend_mode'), amount: at.number('blend_factor') };
    const items = at.each(at.take('image1', 'IMAGE').items, ({ wire: first, size }, part, i) => {
      const second = others[i % others.length].wire;
      return sized(part.wire('blend_images', 'image', settings, { first, second }), size);
    });
    return [{ type: 'IMAGE', items }];
  },
  compose_image: (at) => {
    const { items: sources } = at.take('source', 'IMAGE');
    const masks = at.maybe('mask', 'MASK')?.items;
    const settings = { x: at.number('x'), y: at.number('y'), resizes: at.isOn('resize_source') };
    const items = at.each(at.take('destination', 'IMAGE').items, ({ wire: to, size }, part, i) => {
      const inputs = {
        ...{ to, from: sources[i % sources.length].wire },
        ...(masks && { mask: masks[i % masks.length].wire }),
      };
      return sized(part.wire('compose_image', 'image', settings, inputs), size);
    });
    return [{ type: 'IMAGE', items }];
  },
  empty_image: (at) => {
    const count = at.number('batch_size');
    assertBatch(at, count);
    const size = withRoom(at, { width: at.number('width'), height: at.number('height') });
    const one = sized(at.wire('empty_image', 'image', { ...size, colour: at.number('color') }), size);
    return [{ type: 'IMAGE', items: Array.from({ length: count }, () => one) }];
  },
  join_images: (at) => [joined(at, [at.take('image1', 'IMAGE'), at.take('image2', 'IMAGE')])],
  join_many_images: (at) => {
    const names = Object.keys(at.node.inputs).filter((name) => /^images\.image\d+$/.test(name));
    if (names.length === 0) throw at.stop('no picture is joined to it.');
    return [
      joined(
        at,
        names.map((name) => at.take(name, 'IMAGE')),
      ),
    ];
  },
  repeat_image: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const amount = at.number('amount');
    assertBatch(at, items.length * amount);
    return [{ type: 'IMAGE', items: Array.from({ length: amount }, () => items).flat() }];
  },
  rebatch_images: (at) => {
    const value = at.take('images', 'IMAGE');
    noteBatches(at, value.items.length);
    return [value];
  },
  take_images: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const first = Math.min(items.length - 1, at.number('batch_index'));
    return [{ type: 'IMAGE', items: items.slice(first, first + at.number('length')) }];
  },
  image_size: (at) => {
    const { items } = at.take('image', 'IMAGE');
    const [{ size }] = items;
    if (!size) throw at.stop('how large this picture becomes is not known before it is made, which does not run here.');
    return [size.width, size.height, items.length].map((value) => ({ type: 'literal', value }));
  },
  resize_by: (at) => [resized(at)],
  save_image: (at) => keep(at, true),
  save_image_in: (at) => {
    if (at.text('format') !== 'png') throw at.stop(`pictures are saved as PNG here, not as ${at.text('format')}.`);
    if (at.value('format.bit_depth')?.type === 'literal' && at.text('format.bit_depth') === '16-bit')
      at.walk.notices.add('Pictures are saved with 8 bits a channel here, not 16.');
    return keep(at, true);
  },
  preview_image: (at) => keep(at, false),
  compare_images: (at) => {
    for (const name of ['image_a', 'image_b']) if (at.value(name)) keep(at, false, name);
    return [];
  },
};

/** An operation on each of a batch. @param sizeOf  what it makes of a size; left out: the same */
function each(
  at: Place,
  operation: OperationId,
  settings: object,
  sizeOf: (size: Size) => Size | undefined = (size) => size,
  name = 'image',
): ImageValue {
  const items = at.each(at.take(name, 'IMAGE').items, ({ wire: image, size }, part) =>
    sized(part.wire(operation, 'image', settings, { image }), size && roomFor(at, size, sizeOf(size))),
  );
  return { type: 'IMAGE', items };
}

/** What is no larger than it was has room, be it ever so large. */
function roomFor(at: Place, before: Size, after: Size | undefined): Size | undefined {
  const isLarger =
    after && (after.width * after.height > before.width * before.height || longer(after) > longer(before));
  return isLarger ? withRoom(at, after) : after;
}

const longer = ({ width, height }: Size): number => Math.max(width, height);

/** @see ComfyUI comfy_extras/nodes_post_processing.py, ResizeImageMaskNode */
function resized(at: Place): ImageValue {
  const said = at.text('resize_type');
  if (said === 'scale longer dimension' || said === 'scale total pixels') {
    const most = said === 'scale longer dimension' ? at.number('resize_type.longer_size') : 0;
    const megapixels = most === 0 ? at.number('resize_type.megapixels') : 0;
    const total = { megapixels, most, step: 1 };
    return each(
      at,
      'match_image',
      { ...total, mode: at.text('scale_method') },
      (size) => totalSize(size, total),
      'input',
    );
  }
  const wish = Object.hasOwn(RESIZES, said) ? RESIZES[said](at, (name) => at.number(`resize_type.${name}`)) : undefined;
  if (!wish) throw at.stop(`the type "${said}" does not run here yet.`);
  const settings = { width: 0, height: 0, factor: 0, ...wish, mode: at.text('scale_method') };
  return each(at, 'scale_image', settings, (size) => scaledSize(size, settings), 'input');
}

type Wish = Partial<Parameters<typeof scaledSize>[1]> & { crop?: string };

const RESIZES: Readonly<Record<string, (at: Place, number: (name: string) => number) => Wish>> = {
  'scale dimensions': (at, number) => ({
    ...{ width: number('width'), height: number('height') },
    crop: at.text('resize_type.crop'),
  }),
  'scale by multiplier': (_, number) => ({ factor: number('multiplier') }),
  'scale width': (_, number) => ({ width: number('width') }),
  'scale height': (_, number) => ({ height: number('height') }),
};

const turn = (at: Place, to: Turn): ImageValue =>
  each(at, 'turn_image', { turn: to }, (size) => {
    const { width, height } = turned(size, to);
    return { width, height };
  });

const matched = (at: Place, wish: Parameters<typeof totalSize>[1]): ImageValue =>
  each(at, 'match_image', { ...wish, mode: at.text('upscale_method') }, (size) => totalSize(size, wish));

/** Joins pictures in the size of the first: those of another shape are cut about their middle. */
function joined(at: Place, values: readonly ImageValue[]): ImageValue {
  const [{ items: first }, ...others] = values;
  const [{ wire: like, size }] = first;
  const rest = others.flatMap(({ items }) => items);
  assertBatch(at, first.length + rest.length);
  const fitted = at.each(rest, ({ wire: image }, part) =>
    sized(part.wire('match_image', 'image', { mode: 'bilinear' }, { image, like }), size),
  );
  return { type: 'IMAGE', items: [...first, ...fitted] };
}

/** @param name  of the input */
export function keep(at: Place, isSaved: boolean, name = 'images'): ImageValue[] {
  const value = at.take(name, 'IMAGE');
  keepAll(at, value.items, isSaved ? at.text('filename_prefix') : undefined, name === 'images' ? '' : name);
  return [value];
}

/** What an end that nobody knows is handed: its pictures are kept, which is said. */
export function keepJoined(at: Place): void {
  const { inputs, class_type: type } = at.node;
  const links = Object.keys(inputs).filter((name) => asApiLink(inputs[name]) !== undefined);
  const pictures = links.flatMap((name) => {
    const value = at.value(name);
    return value?.type === 'IMAGE' ? [{ name, items: value.items }] : [];
  });
  const said = inputs['filename_prefix'];
  for (const { name, items } of pictures)
    keepAll(at, items, typeof said === 'string' ? said : 'ComfyUI', name === 'images' ? '' : name);
  at.walk.notices.add(
    `Gesso does not know the node "${type}" (${at.id}): the pictures that go into it are kept as they are.`,
  );
}

/** @param prefix  undefined: it is only shown */
export function keepAll(at: Place, items: readonly SizedWire[], prefix: string | undefined, ending = ''): void {
  at.each(items, (item, part, i) => {
    part.add('keep', {}, { image: leaving(part, item, ending) }, ending);
    at.walk.kept.push({
      ...{ node: at.id, isSaved: prefix !== undefined, prefix: prefix ?? 'ComfyUI_temp' },
      ...(items.length > 1 && { batch: i }),
    });
  });
}
