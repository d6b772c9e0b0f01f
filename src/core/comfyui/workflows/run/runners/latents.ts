/** Latents: made, read from pictures, enlarged, masked, developed. */
import type { Wire } from '../../../../workflow';
import { wire as wireOf } from '../../../../workflow/make-node';
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, LatentValue, Near } from '../values';

export const LATENT_RUNNERS: Runners = {
  empty_latent: (at) => {
    const said = { width: at.number('width'), height: at.number('height') };
    if (at.number('batch_size') !== 1) throw at.stop('only batches of one picture run here yet.');
    const size = at.walk.inventory.fitSize?.(said) ?? said;
    const wire = ({ model }: Near) => at.wire('empty_latent', 'latent', size, { model });
    return [{ type: 'LATENT', wire, isEmpty: true }];
  },
  encode_image: (at) => [encoded(at, at.take('pixels', 'IMAGE').image)],
  encode_masked: (at) => {
    const [{ image }, { mask }] = [at.take('pixels', 'IMAGE'), at.take('mask', 'MASK')];
    const id = at.add('grey_masked', { grow: at.number('grow_mask_by') }, { image, mask }, 'grey');
    return [{ ...encoded(at, wireOf(id, 'image')), mask: wireOf(id, 'mask') }];
  },
  set_mask: (at) => {
    const { mask } = at.take('mask', 'MASK');
    const latent = at.take('samples', 'LATENT');
    return [{ ...latent, mask }];
  },
  scale_latent: (at) => {
    const [width, height] = [at.number('width'), at.number('height')];
    if (width === 0 && height === 0) return [at.take('samples', 'LATENT')];
    return [scaled(at, { width, height, crop: at.text('crop') })];
  },
  scale_latent_by: (at) => [scaled(at, { factor: at.number('scale_by') })],
  decode_latent: (at) => {
    const samples = at.take('samples', 'LATENT');
    const own = at.take('vae', 'VAE');
    const model = autoencoderFor(at, own, samples.near);
    const near = samples.near ?? ('base' in own ? own : { model, base: '' });
    const image = at.wire('decode_latent', 'image', {}, { model, latent: samples.wire(near) });
    return [{ type: 'IMAGE', image }];
  },
};

function encoded(at: Place, image: Wire): LatentValue {
  const own = at.take('vae', 'VAE');
  const wire = (near: Near) =>
    at.wire('encode_image', 'latent', { centres: true }, { model: autoencoderFor(at, own, near), image });
  return { type: 'LATENT', wire, isEmpty: false };
}

function scaled(at: Place, settings: object): LatentValue {
  const samples = at.take('samples', 'LATENT');
  const mode = at.text('upscale_method');
  if (mode === 'bislerp') throw at.stop('the method bislerp does not run here yet; bicubic is the nearest.');
  const wire = (near: Near) => at.wire('scale_latent', 'latent', { ...settings, mode }, { latent: samples.wire(near) });
  return { ...samples, wire };
}

/** The model with this autoencoder: the one that samples, where it is of the same checkpoint, so that nothing is loaded again. */
export function autoencoderFor(at: Place, own: AutoencoderValue, near: Near | undefined): Wire {
  if (!('file' in own)) return near?.base === own.base ? near.model : own.model;
  if (!near) throw at.stop('an autoencoder of its own needs a latent that a checkpoint has sampled.');
  return at.wire('use_vae', 'model', { autoencoder: own.file }, { model: near.model }, 'autoencoder');
}
