/** Easy-Use's pipe: what was loaded, how it is sampled, and what came of it. @see nodes/pipe-packs.ts */
import type { Place, Runners } from '../graph-walk';
import type { AutoencoderValue, ImageValue, KSampling, LatentValue, PipeValue, Value, ValueOf } from '../values';
import { withControls } from './conditioning';
import { given } from './control-stacks';
import { keepAll } from './images';
import { decoded, emptyLatent, encoded, latent as latentOf } from './latents';
import { checkpoint, type Loaded } from './loaders';
import { namedSize } from './preset-sizes';
import { samplerOf, scheduleOf, sampledSo } from './sampling';
import { addStack } from './stacks';
import { noteWeights, taggedText } from './tagged-texts';
import { literal } from './values';

/** Values of a pipe, in the order in which nodes give them. */
const PARTS = ['model', 'positive', 'negative', 'latent', 'vae', 'clip'] as const;

export const PIPE_RUNNERS: Runners = {
  load_into_pipe: (at) => {
    const { model, vae, clip, positive, negative, latent, pipe } = loadedPipe(at);
    return [pipe, model, vae, clip, positive, negative, latent];
  },
  set_in_pipe: (at) => {
    const pipe = at.take('pipe', 'PIPE');
    return [changed(pipe, { latent: ownLatent(at, pipe), how: { type: 'KSAMPLER', how: howOf(at, pipe) } })];
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
    const whole = changed(at.take('pipe', 'PIPE'), Object.fromEntries(given));
    const { pipe, image } = sampledPipe(at, whole, howOf(at, whole));
    return [pipe, image, ...PARTS.map((name) => pipe.parts[name]), ...literal(at.whole('seed'))];
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
  const pipe: PipeValue = { type: 'PIPE', parts: { model, clip, vae, latent, ...sides } };
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
  const file = isNamed(at, 'vae_name') ? ({ type: 'VAE', file: at.file('vae', 'vae_name') } as const) : ownVae;
  return { base: { model: ownModel, clip: skipped }, vae: file };
}

/** A text with the LoRAs that it names, which stay on what comes after. */
function side(at: Place, name: 'positive' | 'negative', before: Loaded, node: string) {
  const text = at.text(name);
  const isA1111 = at.node.class_type === 'easy a1111Loader';
  const said = (word: string, usual: string): string =>
    at.value(`${name}_${word}`) ? at.text(`${name}_${word}`) : usual;
  const interpretation = said('weight_interpretation', isA1111 ? 'A1111' : 'comfy');
  noteWeights(at, text, interpretation, said('token_normalization', isA1111 ? 'mean' : 'none'));
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
    ...{ seed: at.whole('seed'), denoise: at.number('denoise') },
  };
}

/** A latent that is joined, a picture's, or the pipe's. */
function ownLatent(at: Place, pipe: PipeValue): LatentValue {
  const latent = at.maybe('latent', 'LATENT');
  if (latent) return latent;
  const pixels = at.maybe('image_to_latent', 'IMAGE');
  if (!pixels) return part(at, pipe, 'latent', 'LATENT');
  const own = part(at, pipe, 'vae', 'VAE');
  return latentOf(at.each(pixels.items, (image, one) => encoded(one, image, own)));
}

function sampledPipe(at: Place, pipe: PipeValue, how: KSampling): { pipe: PipeValue; image: ImageValue } {
  const latent = sampledSo(at, part(at, pipe, 'latent', 'LATENT'), how);
  const own = part(at, pipe, 'vae', 'VAE');
  const image: ImageValue = { type: 'IMAGE', items: at.each(latent.items, (item, one) => decoded(one, item, own)) };
  const output = at.text('image_output');
  if (output !== 'Hide')
    keepAll(at, image.items, output.includes('Save') ? at.text('save_prefix') : undefined, 'shown');
  const seed: Value = { type: 'literal', value: how.seed };
  return { pipe: changed(pipe, { model: how.model, latent, image, seed }), image };
}
