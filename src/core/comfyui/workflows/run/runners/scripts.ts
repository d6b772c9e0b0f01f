/** Efficiency's HighRes-Fix: what its sampler does once more with what it painted. @see jags111/efficiency-nodes-comfyui efficiency_nodes.py */
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, HiresScript, LatentValue, SizedWire } from '../values';
import { decoded, encoded, latent as latentOf, scaledLatent } from './latents';
import { checkpoint } from './loaders';
import { sampledSo, samplingOf, sidesOf } from './sampling';

export const SCRIPT_RUNNERS: Runners = {
  script_hires: (at) => {
    if (at.value('script')) throw at.stop('a script that hangs on another does not run here.');
    if (at.text('use_controlnet') === 'true') throw at.stop('its ControlNet does not run here.');
    const kind = at.text('upscale_type');
    if (kind !== 'latent' && kind !== 'pixel' && kind !== 'both') throw at.stop(`${kind} is no upscale_type.`);
    const mode = at.text('latent_upscaler');
    if (/^(city96|ttl_nn)\./.test(mode)) throw at.stop(`the latent_upscaler ${mode} does not run here.`);
    const isSame = /^\(?use same/i.test(at.text('hires_ckpt_name'));
    const seed = at.isOn('use_same_seed') ? undefined : at.whole('seed');
    if (seed !== undefined && seed < 0) throw at.stop('a seed of its own that is below 0 does not run here.');
    const hires: HiresScript = {
      ...{ kind, factor: at.number('upscale_by'), steps: at.number('hires_steps') },
      ...{ mode: kind === 'both' ? 'nearest-exact' : mode },
      ...{ denoise: at.number('denoise'), times: at.number('iterations') },
      ...(kind !== 'latent' && { upscaler: at.file('upscale_models', 'pixel_upscaler') }),
      ...(kind !== 'pixel' && !isSame && { model: checkpoint(at, 'hires_ckpt_name')[0] }),
      ...(seed !== undefined && { seed }),
    };
    return [{ type: 'SCRIPT', hires }];
  },
};

/** @returns pictures where they are no longer those of the latent */
export function scripted(
  at: Place,
  first: LatentValue,
  hires: HiresScript,
  own: AutoencoderValue | undefined,
): { output: LatentValue; pictures?: SizedWire[] } {
  const { kind, model, factor, steps, denoise, times } = hires;
  const sides = sidesOf(at);
  const asked = samplingOf(at, { ...sides, model: model ?? sides.model });
  const how = { ...asked, seed: hires.seed ?? asked.seed, steps, denoise };
  const larger = (from: LatentValue): SizedWire[] => {
    if (!own) throw at.stop('its script needs an autoencoder.');
    return at.each(from.items, (item, part) => enlarged(part, decoded(part, item, own).wire, hires));
  };
  if (kind === 'pixel') return { output: first, ...(times > 0 && { pictures: larger(first) }) };
  let output = first;
  for (let i = 0; i < times; i++) {
    const next =
      kind === 'latent'
        ? scaledLatent(at, output, { factor, mode: hires.mode })
        : latentOf(at.each(larger(output), (image, part) => encoded(part, image, own)));
    output = sampledSo(at, next, how);
  }
  return { output };
}

/** The pack counts on networks that make pictures four times as large. */
const USUAL = 4;

function enlarged(at: Place, image: SizedWire['wire'], { upscaler, factor }: HiresScript): SizedWire {
  const large = at.wire('upscale_image', 'image', { upscaler }, { image }, 'large');
  const settings = { width: 0, height: 0, factor: factor / USUAL, mode: 'nearest-exact' };
  return { wire: at.wire('scale_image', 'image', settings, { image: large }, 'larger') };
}
