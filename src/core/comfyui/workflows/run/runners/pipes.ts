/** Easy-Use's pipe: what was loaded, how it is sampled, and what came of it. @see nodes/pipe-packs.ts */
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, ImageValue, KSampling, LatentValue, PipeValue, Value, ValueOf } from '../values';
import { withControls } from './conditioning';
import { given } from './control-stacks';
import { keepAll } from './images';
import { assertBatch, decoded, emptyLatent, encoded, latent as latentOf } from './latents';
import { checkpoint, type Loaded } from './loaders';
import { namedSize } from './preset-sizes';
import { sampledByCuda } from './pack-sampling';
import { samplerOf, scheduleOf, sampledSo } from './sampling';
import { autoencoderFile } from './single-files';
import { addStack } from './stacks';
import { noteWeights, taggedText } from './tagged-texts';

/** Values of a pipe, in the order in which nodes give them. */
const PARTS = ['model', 'positive', 'negative', 'latent', 'vae', 'clip'] as const;

export const PIPE_RUNNERS: Runners = {
  load_into_pipe: (at) => {
    const { model, vae, clip, positive, negative, latent, pipe } = loadedPipe(at);
    return [pipe, model, vae, clip, positive, negative, latent];
  },
  set_in_pipe: (at) => {
    const pipe = at.take('pipe', 'PIPE');
    const how = howOf(at, pipe);
    const parts = { latent: ownLatent(at, pipe), how: { type: 'KSAMPLER', how }, seed: seedValue(how) } as const;
    return [changed(pipe, { ...parts, image: at.value('image_to_latent') ?? pipe.parts['image'] })];
  },
  sample_pipe: (at) => {
    const pipe = at.take('pipe', 'PIPE');
    const { how } = part(at, pipe, 'how', 'KSAMPLER');
    const model = at.maybe('model', 'MODEL') ?? part(at, pipe, 'model', 'MODEL');
    const made = sampledPipe(at, pipe, { ...how, model });
    return [made.pipe, made.image];
  },
  sample_pipe_so: (at) => {
    if (at.value('xyPlot')) throw at.stop('an xyPlot does not run here.');
    const given = PARTS.flatMap((name): [string, Value][] => {
      const value = at.value(name);
      return value ? [[name, value]] : [];
    });
    const joined = changed(at.take('pipe', 'PIPE'), Object.fromEntries(given));
    const pixels = at.value('latent') ? undefined : at.maybe('image', 'IMAGE');
    const whole = pixels ? changed(joined, { latent: encodedBy(at, joined, pixels) }) : joined;
    const { pipe, image } = sampledPipe(at, whole, howOf(at, whole));
    return [pipe, image, ...PARTS.map((name) => pipe.parts[name]), pipe.parts['seed']];
  },
  unpack_pipe: (at) => {
    const pipe = at.take('pipe', 'PIPE');
    return [pipe, ...[...PARTS, 'image', 'seed'].map((name) => pipe.parts[name])];
  },
};

const changed = (pipe: PipeValue, parts: Readonly<Record<string, Value | undefined>>): PipeValue => ({
  type: 'PIPE',
  parts: { ...pipe.parts, ...parts },
});

/** @throws Stop where the pipe lacks it */
function part<Type extends Value['type']>(at: Place, { parts }: PipeValue, name: string, type: Type): ValueOf<Type> {
  const value = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (value?.type === type) return value as ValueOf<Type>;
  throw at.stop(`its pipe has no ${name}.`);
}

const isNamed = (at: Place, name: string): boolean => !['None', 'Baked VAE', 'Baked-VAE', ''].includes(at.text(name));

function loadedPipe(at: Place) {
  const { base, vae } = sources(at);
  const own = isNamed(at, 'lora_name')
    ? [
        {
          name: at.text('lora_name'),
          ...{ denoiser: at.number('lora_model_strength'), text: at.number('lora_clip_strength') },
        },
      ]
    : [];
  const loras = [...(at.maybe('optional_lora_stack', 'LORA_STACK')?.loras ?? []), ...own];
  const first = side(at, 'positive', addStack(at, base, loras), `${at.id} first`);
  const { model, clip, conditioning: negative } = side(at, 'negative', first, `${at.id} second`);
  const controls = given(at, 'optional_controlnet_stack');
  const said = { width: at.number('empty_latent_width'), height: at.number('empty_latent_height') };
  const latent = emptyLatent(at, namedSize(at.text('resolution')) ?? said, at.number('batch_size'));
  const sides = { positive: withControls(first.conditioning, controls), negative: withControls(negative, controls) };
  const how = {
    batch: { type: 'literal', value: at.number('batch_size') },
    isCuda: { type: 'literal', value: byA1111(at) },
  } as const;
  const pipe: PipeValue = { type: 'PIPE', parts: { model, clip, vae, latent, ...sides, ...how } };
  return { model, clip, vae, latent, ...sides, pipe };
}

/** The checkpoint, or what stands in its place: all of it or nothing. */
function sources(at: Place): { base: Loaded; vae: AutoencoderValue } {
  const [model, clip, vae] = [
    at.maybe('model_override', 'MODEL'),
    at.maybe('clip_override', 'CLIP'),
    at.maybe('vae_override', 'VAE'),
  ];
  if ((model ?? clip ?? vae) && !(model && clip && vae))
    throw at.stop('model_override, clip_override and vae_override count together only.');
  const [ownModel, ownClip, ownVae] = model && clip && vae ? [model, clip, vae] : checkpoint(at, 'ckpt_name');
  const skipped = { ...ownClip, skip: Math.max(1, -at.number('clip_skip')) };
  const file = isNamed(at, 'vae_name') ? autoencoderFile(at, 'vae_name') : ownVae;
  return { base: { model: ownModel, clip: skipped }, vae: file };
}

/** Texts as smZNodes reads them, by their means, and noise of the GPU. @see Easy-Use advanced_encode, samplerFull */
const byA1111 = (at: Place): boolean => at.value('a1111_prompt_style') !== undefined && at.isOn('a1111_prompt_style');

/** A text with the LoRAs that it names, which stay on what comes after. */
function side(at: Place, name: 'positive' | 'negative', before: Loaded, node: string) {
  const text = at.text(name);
  const isA1111 = at.node.class_type === 'easy a1111Loader';
  const said = (word: string, usual: string): string =>
    at.value(`${name}_${word}`) ? at.text(`${name}_${word}`) : usual;
  const interpretation = said('weight_interpretation', isA1111 ? 'A1111' : 'comfy');
  const normalization = byA1111(at) ? 'mean' : said('token_normalization', isA1111 ? 'mean' : 'none');
  noteWeights(at, text, interpretation, normalization);
  if (byA1111(at) && /\[[^[\]]*[:|][^[\]]*\]|\bAND\b/.test(text))
    at.walk.notices.add('Editing of texts ([a:b:0.5], AND) by a1111_prompt_style is not done here.');
  if (/__[^_].*?__|\{[^{}]*\|/.test(text))
    at.walk.notices.add('Wildcards in the texts of Easy-Use are not drawn here.');
  return taggedText(at, text, before, node);
}

/** The settings of a node for what its pipe has. */
function howOf(at: Place, pipe: PipeValue): KSampling {
  return {
    model: part(at, pipe, 'model', 'MODEL'),
    positive: part(at, pipe, 'positive', 'CONDITIONING'),
    negative: part(at, pipe, 'negative', 'CONDITIONING'),
    ...{ cfg: at.number('cfg'), steps: at.number('steps'), sampler: samplerOf(at), schedule: scheduleOf(at) },
    ...{ seed: seedOf(at, pipe), denoise: at.number('denoise') },
  };
}

/** By its older name too; that of the pipe where none is said. */
function seedOf(at: Place, { parts: { seed } }: PipeValue): number | bigint {
  if (!at.value('seed_num')) {
    const isSaid = Object.hasOwn(at.node.inputs, 'seed') || seed?.type !== 'literal';
    return isSaid ? at.whole('seed') : (seed.value as number | bigint);
  }
  const old = at.whole('seed_num');
  if (old < 0 || old >= 2n ** 64n) throw at.stop('its seed_num is no seed.');
  return typeof old === 'bigint' ? old : Math.trunc(old);
}

const seedValue = ({ seed }: KSampling): Value => ({ type: 'literal', value: seed });

/** A picture's, as often as the loader says, a latent that is joined, or the pipe's. */
function ownLatent(at: Place, pipe: PipeValue): LatentValue {
  const pixels = at.maybe('image_to_latent', 'IMAGE');
  if (!pixels) return at.maybe('latent', 'LATENT') ?? part(at, pipe, 'latent', 'LATENT');
  const { items } = encodedBy(at, pipe, pixels);
  const { batch } = pipe.parts;
  const times = batch?.type === 'literal' ? Number(batch.value) : 1;
  assertBatch(at, items.length * times);
  return latentOf(Array.from({ length: times }, () => items).flat());
}

function encodedBy(at: Place, pipe: PipeValue, { items }: ImageValue): LatentValue {
  const own = part(at, pipe, 'vae', 'VAE');
  return latentOf(at.each(items, (image, one) => encoded(one, image, own)));
}

function sampledPipe(at: Place, pipe: PipeValue, how: KSampling): { pipe: PipeValue; image: ImageValue } {
  const { isCuda } = pipe.parts;
  const sample = isCuda?.type === 'literal' && isCuda.value === true ? sampledByCuda : sampledSo;
  const latent = sample(at, part(at, pipe, 'latent', 'LATENT'), how);
  const own = part(at, pipe, 'vae', 'VAE');
  const image: ImageValue = { type: 'IMAGE', items: at.each(latent.items, (item, one) => decoded(one, item, own)) };
  const output = at.text('image_output');
  if (output !== 'Hide' && output !== 'None')
    keepAll(at, image.items, output.includes('Save') ? at.text('save_prefix') : undefined, 'shown');
  if (output === 'Preview&Choose' && image.items.length > 1)
    at.walk.notices.add('Nobody is asked to choose by Preview&Choose here: it hands on all pictures.');
  return { pipe: changed(pipe, { model: how.model, latent, image, seed: seedValue(how) }), image };
}
