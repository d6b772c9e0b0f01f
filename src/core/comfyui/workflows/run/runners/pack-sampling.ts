/** Packs' samplers: KSampler with a pipe for its parts, with another noise, and one after the other by a mask. */
import { SAMPLERS } from '../../../../samplers';
import type { Place, Runners } from '../graph-walk';
import type { KSampling, LatentValue, MaskValue } from '../values';
import { scaledBy } from './latents';
import { partsOf, sampledAndShown } from './packs';
import { sampledInPart, sampledSo, samplingOf, sidesOf, type Sides } from './sampling';

export const PACK_SAMPLING_RUNNERS: Runners = {
  provide_sampling: (at) => [{ type: 'KSAMPLER', how: samplingOf(assertPlain(at), sidesOfPipe(at)) }],
  sample_by_pipe: (at) => {
    const latent = at.take('latent_image', 'LATENT');
    return passed(at, sampledSo(at, latent, samplingOf(assertPlain(at), sidesOfPipe(at))));
  },
  sample_part_by_pipe: (at) => passed(at, sampledInPart(assertPlain(at), sidesOfPipe(at))),
  sample_twice_by_mask: (at) => [sampledTwice(at)],
  sample_part_and_show: (at) => sampledAndShown(at, sampledInPart),
  sample_part_of_swarm: (at) => [sampledInPart(assertPlainSwarm(at))],
  sample_with_noise_of: (at) => [withNoiseOf(at)],
  scale_latent_by_corners: (at) => {
    const factor = at.number('factor');
    if (factor === 1) return [at.take('samples', 'LATENT')];
    const mode = at.text('mode');
    if (at.text('align') === 'true' && (mode === 'bilinear' || mode === 'bicubic'))
      throw at.stop('align "true" does not run here: "false" does.');
    return [scaledBy(at, factor, mode === 'nearest' ? 'nearest-exact' : mode)];
  },
};

/** @throws Stop for a schedule that another node makes */
function assertPlain(at: Place): Place {
  if (at.value('scheduler_func_opt')) throw at.stop('a schedule that another node makes does not run here.');
  return at;
}

/** Its noise is that of one generator for each picture. @throws Stop for what KSampler (Advanced) has not */
function assertPlainSwarm(at: Place): Place {
  if (at.number('var_seed_strength') > 0)
    throw at.stop('a variation seed does not run here: var_seed_strength 0 does.');
  if (at.number('sigma_min') >= 0 && at.number('sigma_max') >= 0)
    throw at.stop('its own sigmas do not run here: −1 for sigma_min and sigma_max does.');
  if (at.isOn('tile_sample')) throw at.stop('tiles do not run here: tile_sample "false" does.');
  if (at.value('model_negative')) throw at.stop('a second model for the negative text does not run here.');
  if (at.isOn('add_noise') && at.take('latent_image', 'LATENT').items.length > 1)
    throw at.stop(
      'it draws the noise of each picture of a batch by itself, which does not run here: one picture does.',
    );
  return at;
}

/** @throws Stop where the pipe lacks one */
function sidesOfPipe(at: Place): Sides {
  const { model, positive, negative } = at.take('basic_pipe', 'PIPE').parts;
  if (model?.type !== 'MODEL' || positive?.type !== 'CONDITIONING' || negative?.type !== 'CONDITIONING')
    throw at.stop('its pipe has no model, or not both texts.');
  return { model, positive, negative };
}

const passed = (at: Place, output: LatentValue) => {
  const pipe = at.take('basic_pipe', 'PIPE');
  return [pipe, output, partsOf(pipe)['vae']];
};

/** @see Impact Pack special_samplers.py: the base paints all that is not wholly masked, then the other what is masked */
function sampledTwice(at: Place): LatentValue {
  const mask = at.take('mask', 'MASK');
  const under = ({ items }: LatentValue, { items: masks }: MaskValue): LatentValue => ({
    type: 'LATENT',
    items: items.map((item, i) => ({ ...item, mask: masks[i % masks.length].wire })),
  });
  const latent = under(at.take('latent_image', 'LATENT'), besides(at, mask));
  const base = sampledSo(at, latent, at.take('base_sampler', 'KSAMPLER').how);
  const { items } = sampledSo(at, under(base, mask), at.take('mask_sampler', 'KSAMPLER').how);
  return { type: 'LATENT', items: items.map(({ mask: _, ...item }) => item) };
}

/** Above it a byte is white. */
const WHITE = 0.998;

/** White where a mask is not. */
function besides(at: Place, { items }: MaskValue): MaskValue {
  const made = at.each(items, ({ wire: mask, size }, part) => {
    const whole = part.wire('change_mask', 'mask', { how: 'threshold', amount: WHITE }, { mask }, 'whole');
    const wire = part.wire('change_mask', 'mask', { how: 'invert' }, { mask: whole }, 'beside');
    return { wire, ...(size && { size }) };
  });
  return { type: 'MASK', items: made };
}

/** @see Inspire Pack a1111_compat.py: the noise of the start is CUDA's, drawn for each picture by a seed of its own */
function withNoiseOf(at: Place): LatentValue {
  const strength = at.value('variation_strength') ? at.number('variation_strength') : 0;
  if (strength !== 0) throw at.stop('a variation_strength other than 0 does not run here.');
  const latent = at.take('latent_image', 'LATENT');
  const how = samplingOf(at, sidesOf(at));
  if (at.text('noise_mode') === 'CPU') return sampledSo(at, latent, how);
  return sampledByCuda(at, latent, how);
}

/** With the noise of the start as CUDA draws it. @throws Stop for several pictures */
export function sampledByCuda(at: Place, latent: LatentValue, how: KSampling): LatentValue {
  if (latent.items.length > 1) throw at.stop('noise of the GPU for several pictures at once does not run here.');
  if (SAMPLERS[how.sampler].noiseKind !== 'none')
    at.walk.notices.add(`${how.sampler} draws noise in each step, which is as without the GPU here; its first is not.`);
  return sampledSo(at, latent, how, { noise: 'nv' });
}
