/** Latents out of latents: cut, turned, laid over each other, mixed, and their batches. */
import { turned, type Turn } from '../../../../image/geometry/turns';
import type { OperationId, Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { LatentItem, LatentValue, Near } from '../values';
import { assertBatch, latent, wholeCells } from './latents';

/** No corner of what is cropped lies within so many pixels of the other end. */
const LEAST = 64;

export const LATENT_MIX_RUNNERS: Runners = {
  compose_latent: (at) => [
    both(at, ['samples_to', 'samples_from'], 'compose_latent', () => ({
      ...{ x: at.number('x'), y: at.number('y'), feather: at.number('feather') },
    })),
  ],
  compose_latent_masked: (at) => {
    const masks = at.maybe('mask', 'MASK')?.items;
    const settings = { x: at.number('x'), y: at.number('y'), resizes: at.isOn('resize_source') };
    return [
      both(
        at,
        ['destination', 'source'],
        'compose_latent',
        () => settings,
        (i) => masks && { mask: masks[i % masks.length].wire },
      ),
    ];
  },
  blend_latents: (at) => [mixed(at, 'blend', at.number('blend_factor'))],
  add_latents: (at) => [mixed(at, 'add', 0)],
  subtract_latents: (at) => [mixed(at, 'subtract', 0)],
  interpolate_latents: (at) => [mixed(at, 'interpolate', at.number('ratio'))],
  multiply_latent: (at) => [
    alone(at, (item, part, near) =>
      part.wire(
        'mix_latents',
        'latent',
        { how: 'multiply', amount: at.number('multiplier') },
        { first: item.wire(near) },
      ),
    ),
  ],
  crop_latent: (at) => [
    alone(
      at,
      (item, part, near) => part.wire('crop_latent', 'latent', box(at), { latent: item.wire(near) }),
      ({ width, height }) => {
        const { x, y, ...wanted } = box(at);
        const [whole, corner] = [wholeCells(wanted), wholeCells({ width: x, height: y })];
        return {
          width: Math.min(whole.width, width - Math.max(0, Math.min(corner.width, width - LEAST))),
          height: Math.min(whole.height, height - Math.max(0, Math.min(corner.height, height - LEAST))),
        };
      },
    ),
  ],
  flip_latent: (at) => [turn(at, at.text('flip_method').startsWith('x') ? 'vertically' : 'horizontally')],
  rotate_latent: (at) => [turn(at, turnOf(at.text('rotation')))],
  repeat_latent: (at) => {
    const { items } = at.take('samples', 'LATENT');
    const amount = at.number('amount');
    assertBatch(at, items.length * amount);
    const known = items.flatMap(({ noiseIndex }) => noiseIndex ?? []);
    const offset = known.length > 0 ? Math.max(...known) - Math.min(...known) + 1 : 0;
    const again = (item: LatentItem, time: number): LatentItem =>
      item.noiseIndex === undefined ? item : { ...item, noiseIndex: item.noiseIndex + time * offset };
    return [latent(Array.from({ length: amount }, (_, time) => items.map((item) => again(item, time))).flat())];
  },
  take_from_batch: (at) => {
    const { items } = at.take('samples', 'LATENT');
    const first = Math.min(items.length - 1, at.number('batch_index'));
    return [latent(numbered(items).slice(first, first + at.number('length')))];
  },
  join_batches: (at) => {
    const [first, second] = ['samples1', 'samples2'].map((name) => numbered(at.take(name, 'LATENT').items));
    assertBatch(at, first.length + second.length);
    const { size } = first[0];
    if (second.some((item) => item.size?.width !== size?.width || item.size?.height !== size?.height))
      throw at.stop('the two are of different sizes, which does not run here yet.');
    return [latent([...first, ...second])];
  },
  rebatch_latents: (at) => {
    const { items } = at.take('latents', 'LATENT');
    noteBatches(at, items.length);
    return [latent(numbered(items))];
  },
  batch_seeds: (at) => {
    const { items } = at.take('samples', 'LATENT');
    const isFixed = at.text('seed_behavior') === 'fixed';
    const first = items[0].noiseIndex ?? 0;
    return [latent(items.map(({ noiseIndex: _, ...item }) => (isFixed ? { ...item, noiseIndex: first } : item)))];
  },
};

/** Each picture goes on by itself, so that lists of batches are one: those that look at a whole batch see all of it. */
export function noteBatches(at: Place, count: number): void {
  const batches = Math.ceil(count / at.number('batch_size'));
  if (batches > 1)
    at.walk.notices.add(`The ${batches} batches of node ${at.id} go on as one here: each picture is made by itself.`);
}

/** Each keeps the noise of its place. */
const numbered = (items: readonly LatentItem[]): LatentItem[] =>
  items.map((item, i) => ({ ...item, noiseIndex: item.noiseIndex ?? i }));

export const turnOf = (rotation: string): Turn => {
  const [degrees] = rotation.split(' ');
  return degrees === '90' || degrees === '180' || degrees === '270' ? degrees : 'none';
};

export const box = (at: Place) => ({
  ...{ width: at.number('width'), height: at.number('height') },
  ...{ x: at.number('x'), y: at.number('y') },
});

/** Treats the latents of a batch each by itself. */
function alone(
  at: Place,
  wire: (item: LatentItem, at: Place, near: Near) => Wire,
  sizeOf = (size: { width: number; height: number }) => size,
): LatentValue {
  const items = at.each(at.take('samples', 'LATENT').items, (item, part): LatentItem => ({
    ...item,
    wire: (near) => wire(item, part, near),
    ...(item.size && { size: sizeOf(item.size) }),
  }));
  return latent(items);
}

const turn = (at: Place, to: Turn): LatentValue =>
  alone(
    at,
    (item, part, near) => part.wire('turn_latent', 'latent', { turn: to }, { latent: item.wire(near) }),
    (size) => {
      const { width, height } = turned(size, to);
      return { width, height };
    },
  );

const mixed = (at: Place, how: string, amount: number): LatentValue =>
  both(at, ['samples1', 'samples2'], 'mix_latents', () => ({ how, amount }));

/** The second's batch is repeated, or cut, to the first's. */
function both(
  at: Place,
  [one, other]: readonly [string, string],
  operation: OperationId,
  settings: () => object,
  more: (i: number) => Record<string, Wire> | undefined = () => undefined,
): LatentValue {
  const [{ items: firsts }, { items: seconds }] = [at.take(one, 'LATENT'), at.take(other, 'LATENT')];
  const names = operation === 'mix_latents' ? ['first', 'second'] : ['to', 'from'];
  const items = at.each(firsts, (item, part, i): LatentItem => {
    const second = seconds[i % seconds.length];
    const near = item.near ?? second.near;
    return {
      ...item,
      isEmpty: item.isEmpty && second.isEmpty,
      ...(near && { near }),
      wire: (wanted) =>
        part.wire(operation, 'latent', settings(), {
          ...{ [names[0]]: item.wire(wanted), [names[1]]: second.wire(wanted) },
          ...more(i),
        }),
    };
  });
  return latent(items);
}
