/** Latents: made, read from pictures, enlarged, masked, developed. */
import { scaledSize } from '../../../../image/geometry/scaled-size';
import type { Size } from '../../../../image/raster';
import { roomProblem } from '../../../../image/room';
import { toSeedValue } from '../../../../recipe/seed-value';
import type { Wire } from '../../../../workflow';
import { wire as wireOf } from '../../../../workflow/make-node';
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, LatentItem, LatentValue, Near, SizedWire } from '../values';

/** Pixels a cell, as ComfyUI counts them. */
const CELL = 8;
/** Pictures of a batch, each of which is painted by itself. */
const MOST_PICTURES = 64;

export const LATENT_RUNNERS: Runners = {
  empty_latent: (at) => {
    const said = { width: at.number('width'), height: at.number('height') };
    return [emptyLatent(at, said, at.number('batch_size'))];
  },
  encode_image: (at) => [latent(at.each(at.take('pixels', 'IMAGE').items, (image, part) => encoded(part, image)))],
  encode_masked: (at) => {
    const { items: masks } = at.take('mask', 'MASK');
    const items = at.each(at.take('pixels', 'IMAGE').items, ({ wire: image, size }, part, i) => {
      const mask = masks[i % masks.length].wire;
      const grey = part.add('grey_masked', { grow: at.number('grow_mask_by') }, { image, mask }, 'grey');
      return { ...encoded(part, sized(wireOf(grey, 'image'), size)), mask: wireOf(grey, 'mask') };
    });
    return [latent(items)];
  },
  set_mask: (at) => {
    const { items: masks } = at.take('mask', 'MASK');
    const { items } = at.take('samples', 'LATENT');
    return [latent(items.map((item, i) => ({ ...item, mask: masks[i % masks.length].wire })))];
  },
  scale_latent: (at) => {
    const [width, height] = [at.number('width'), at.number('height')];
    if (width === 0 && height === 0) return [at.take('samples', 'LATENT')];
    return [scaled(at, { width, height, factor: 0, crop: at.text('crop') }, at.text('upscale_method'))];
  },
  scale_latent_by: (at) => [scaledBy(at, at.number('scale_by'), at.text('upscale_method'))],
  add_noise: (at) => {
    const { seed } = at.take('noise', 'NOISE');
    const value = at.take('latent_image', 'LATENT');
    if (seed === undefined) return [value];
    return [noised(at, value, seed)];
  },
  decode_latent: (at) => {
    const own = at.take('vae', 'VAE');
    const items = at.each(at.take('samples', 'LATENT').items, (item, part) => decoded(part, item, own));
    return [{ type: 'IMAGE', items }];
  },
};

export const latent = (items: readonly LatentItem[]): LatentValue => ({ type: 'LATENT', items });

export const sized = (wire: Wire, size: Size | undefined): SizedWire => ({ wire, ...(size && { size }) });

/** What is left over of a cell is dropped. */
export const wholeCells = ({ width, height }: Size): Size => ({
  width: width - (width % CELL),
  height: height - (height % CELL),
});

/** @throws Stop for more than can be painted */
export function assertBatch(at: Place, count: number): void {
  if (count > MOST_PICTURES) throw at.stop(`it makes ${count} pictures at once; ${MOST_PICTURES} are the most here.`);
}

/** The size itself. @throws Stop for one that is too large */
export function withRoom<Known extends Size | undefined>(at: Place, size: Known): Known {
  const problem = size && roomProblem(size);
  if (problem !== undefined) throw at.stop(`${problem.charAt(0).toLowerCase()}${problem.slice(1)}`);
  return size;
}

export function emptyLatent(at: Place, said: Size, count: number): LatentValue {
  assertBatch(at, count);
  const size = at.walk.inventory.fitSize?.(said) ?? said;
  const wire = ({ model }: Near) => at.wire('empty_latent', 'latent', size, { model });
  return latent(Array.from({ length: count }, () => ({ wire, isEmpty: true, size: wholeCells(size) })));
}

/** @param own  the autoencoder; left out: what is joined to the node as `vae` */
export function encoded(at: Place, { wire: image, size }: SizedWire, own = at.take('vae', 'VAE')): LatentItem {
  const wire = (near: Near) =>
    at.wire('encode_image', 'latent', { centres: true }, { model: autoencoderFor(at, own, near), image });
  return { wire, isEmpty: false, ...(size && { size: wholeCells(size) }) };
}

export const scaledBy = (at: Place, factor: number, mode: string): LatentValue =>
  scaled(at, { width: 0, height: 0, factor }, mode);

export const scaledLatent = (at: Place, value: LatentValue, { factor, mode }: { factor: number; mode: string }) =>
  scaled(at, { width: 0, height: 0, factor }, mode, value);

/** @param value  left out: what is joined as `samples` */
function scaled(
  at: Place,
  settings: Size & { factor: number; crop?: string },
  mode: string,
  value = at.take('samples', 'LATENT'),
): LatentValue {
  const items = at.each(value.items, (item, part): LatentItem => ({
    ...item,
    wire: (near) => part.wire('scale_latent', 'latent', { ...settings, mode }, { latent: item.wire(near) }),
    ...(item.size && { size: scaledPixels(item.size, settings) }),
  }));
  return latent(items);
}

/** Noise of a seed on each of a batch, drawn together. */
function noised(at: Place, { items }: LatentValue, seed: number | bigint): LatentValue {
  const { model, base } = at.take('model', 'MODEL');
  const { wire: sigmas } = at.take('sigmas', 'SIGMAS');
  const made = at.each(items, (item, part, i): LatentItem => {
    const settings = {
      seed: toSeedValue(BigInt(seed)),
      ...(items.length > 1 && { batchIndex: i, batchSize: items.length }),
      ...(item.noiseIndex !== undefined && { noiseIndex: item.noiseIndex + 1 }),
    };
    const inputs = (near: Near) => ({ model: near.model, latent: item.wire(near), sigmas });
    const own = { model, base };
    return {
      ...item,
      wire: () => part.wire('noise_latent', 'latent', settings, inputs(own)),
      near: own,
      isEmpty: false,
    };
  });
  return latent(made);
}

function scaledPixels({ width, height }: Size, settings: Size & { factor: number }): Size {
  const cells = scaledSize({ width: width / CELL, height: height / CELL }, settings, { step: CELL, least: 64 });
  return { width: cells.width * CELL, height: cells.height * CELL };
}

export function decoded(at: Place, { wire, near: sampled, size }: LatentItem, own: AutoencoderValue): SizedWire {
  const model = autoencoderFor(at, own, sampled);
  const near = sampled ?? ('base' in own ? own : { model, base: '' });
  const image = at.wire('decode_latent', 'image', {}, { model, latent: wire(near) });
  return sized(image, size);
}

/** The model with this autoencoder: the one that samples, where it is of the same checkpoint, so that nothing is loaded again. */
export function autoencoderFor(at: Place, own: AutoencoderValue, near: Near | undefined): Wire {
  const model = plainAutoencoder(at, own, near);
  const { tiling = 'none' } = own;
  return tiling === 'none' ? model : at.wire('set_tiling', 'model', { autoencoder: tiling }, { model }, 'edges');
}

function plainAutoencoder(at: Place, own: AutoencoderValue, near: Near | undefined): Wire {
  if ('model' in own) return near?.base === own.base ? near.model : own.model;
  if (!near) throw at.stop('an autoencoder of its own needs a latent that a checkpoint has sampled.');
  const settings = 'file' in own ? { autoencoder: own.file } : { missing: own.missing };
  return at.wire('use_vae', 'model', settings, { model: near.model }, 'autoencoder');
}
