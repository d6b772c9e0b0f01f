/** Pictures that a model reads beside its texts, as units of the engine. */
import type { Size } from '../../../../image/raster';
import { wire as wireOf } from '../../../../workflow/make-node';
import type { Wire } from '../../../../workflow';
import type { Place } from '../graph-walk';
import type { PictureUse } from '../values';

const MODULE = 'ip-adapter-auto';

interface Painted {
  model: Wire;
  latent: Wire;
  /** Undefined where nobody knows yet. */
  size: Size | undefined;
}

/** All of them, one behind the other; undefined where there is none. */
export function picturesOf(at: Place, pictures: readonly PictureUse[], painted: Painted): Wire | undefined {
  let control: Wire | undefined;
  for (const use of pictures) control = unitOf(at, use, { control, painted });
  return control;
}

/** The first picture is the unit's; each further one joins it. */
function unitOf(
  at: Place,
  { node, adapter, images, join, mask, ...said }: PictureUse,
  { control: before, painted }: { control: Wire | undefined; painted: Painted },
): Wire | undefined {
  const settings = { ...said, control: adapter, module: MODULE, range: 'comfyui' };
  const region = mask && regionOf(at, node, { mask, ...painted });
  return images.reduce<Wire | undefined>((control, image, i) => {
    const number = i === 0 ? '' : ` ${i + 1}`;
    const seen = at.walk.add(`${node} seen${number}`, 'make_hint', { module: MODULE }, { image });
    const inputs = {
      hint: wireOf(seen, 'image'),
      ...(control && { control }),
      ...(i === 0 && region && { region }),
    };
    const joins = i === 0 ? {} : { joins: join };
    return wireOf(at.walk.add(`${node}${number}`, 'apply_control', { ...settings, ...joins }, inputs), 'control');
  }, before);
}

/** A mask as large as what is painted: stretched to it, or, where its size is not known, cut to its shape. */
function regionOf(at: Place, node: string, { mask, model, latent, size }: Painted & { mask: Wire }): Wire {
  const image = wireOf(at.walk.add(`${node} mask`, 'mask_to_image', {}, { mask }), 'image');
  const fitted = size
    ? at.walk.add(`${node} mask for ${at.id}`, 'scale_image', { ...size, factor: 0, mode: 'bilinear' }, { image })
    : at.walk.add(`${node} mask for ${at.id}`, 'fit_to_latent', {}, { model, image, latent });
  return wireOf(fitted, 'image');
}
