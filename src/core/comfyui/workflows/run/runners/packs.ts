/** Thin covers of other people's packs over ComfyUI's own nodes. @see nodes/packs.ts for whose they are */
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, HiresScript, LatentValue, PipeValue, Value } from '../values';
import { textOf, withControls } from './conditioning';
import { given } from './control-stacks';
import { keepAll } from './images';
import { decoded, emptyLatent } from './latents';
import { addLora, checkpoint } from './loaders';
import { sampled } from './sampling';
import { scripted } from './scripts';
import { autoencoderFile } from './single-files';
import { addStack } from './stacks';
import { noteWeights } from './tagged-texts';
import { literal } from './values';

/** Values of a context, in the order of outputs. */
const CONTEXT = ['model', 'clip', 'vae', 'positive', 'negative', 'latent', 'images', 'seed'] as const;
const BASIC = ['model', 'clip', 'vae', 'positive', 'negative'] as const;

export const PACK_RUNNERS: Runners = {
  constant_text: (at) => literal(at.text('string')),
  constant_lines: (at) =>
    literal(at.isOn('strip_newlines') ? at.text('string').replaceAll('\n', '') : at.text('string')),
  join_strings: (at) => literal([at.text('string1'), at.text('string2')].join(at.text('delimiter'))),
  concatenate_texts: (at) => {
    const given = ['text_a', 'text_b', 'text_c', 'text_d'].flatMap((name) => (at.value(name) ? at.text(name) : []));
    const isClean = at.text('clean_whitespace') === 'true';
    const texts = isClean ? given.map((text) => text.trim()) : given;
    return literal(texts.filter((text) => text !== '').join(at.text('delimiter').replaceAll('\\n', '\n')));
  },
  plain_text: (at) => literal(at.text('text')),
  show_given_text: (at) => [at.value('text')],
  whole_seed: (at) => literal(at.whole('seed')),
  first_given: (at) => [firstOf(at, /^any_\d+$/)],
  show_any: () => [],
  add_loras: addLoras,
  context: (at) => {
    const base = at.maybe('base_ctx', 'PIPE')?.parts ?? {};
    return unpacked(CONTEXT, { ...base, ...givenOf(at, CONTEXT) });
  },
  first_context: (at) => {
    const value = firstOf(at, /^ctx_\d+$/);
    return unpacked(CONTEXT, value?.type === 'PIPE' ? value.parts : {});
  },
  pack_parts: (at) => [{ type: 'PIPE', parts: givenOf(at, BASIC) }],
  unpack_parts: (at) => unpacked(BASIC, at.take('basic_pipe', 'PIPE').parts).slice(1),
  unpack_parts_and_pipe: (at) => unpacked(BASIC, at.take('basic_pipe', 'PIPE').parts),
  edit_parts: (at) => {
    const { parts } = at.take('basic_pipe', 'PIPE');
    return [{ type: 'PIPE', parts: { ...parts, ...givenOf(at, BASIC) } }];
  },
  /** Its mask is painted by hand on what it shows: as a graph begins there is none. */
  show_and_hand_on: (at) => {
    const image = at.take('images', 'IMAGE');
    keepAll(at, image.items, undefined);
    const size = { width: 64, height: 64 };
    const mask = at.wire('solid_mask', 'mask', { ...size, level: 0 }, {}, 'mask');
    return [image, { type: 'MASK', items: [{ wire: mask, size }] }];
  },
  load_all: loadAll,
  sample_and_show: (at) => sampledAndShown(at, sampled, at.maybe('script', 'SCRIPT')?.hires),
};

export const partsOf = ({ parts }: PipeValue): PipeValue['parts'] => parts;

const givenOf = (at: Place, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(
    names.flatMap((name): [string, Value][] => {
      const value = at.value(name);
      return value ? [[name, value]] : [];
    }),
  );

const unpacked = (names: readonly string[], parts: Readonly<Record<string, Value | undefined>>) => [
  { type: 'PIPE', parts } as const,
  ...names.map((name) => (Object.hasOwn(parts, name) ? parts[name] : undefined)),
];

/** The first value that is there, by the numbers of its inputs. */
function firstOf(at: Place, pattern: RegExp): Value | undefined {
  const names = Object.keys(at.node.inputs).filter((name) => pattern.test(name));
  for (const name of names.sort((a, b) => Number(/\d+$/.exec(a)?.[0]) - Number(/\d+$/.exec(b)?.[0]))) {
    const value = at.value(name);
    if (value) return value;
  }
  throw at.stop('nothing is joined to it.');
}

/** Power Lora Loader: values of its own, `{ on, lora, strength, strengthTwo }` each. */
function addLoras(at: Place) {
  let [model, clip] = [at.take('model', 'MODEL'), at.maybe('clip', 'CLIP')];
  for (const [name, said] of Object.entries(at.node.inputs)) {
    if (!/^lora_\d+$/i.test(name) || typeof said !== 'object' || said === null || Array.isArray(said)) continue;
    const { on, lora, strength = 1, strengthTwo } = said as Record<string, unknown>;
    if (on !== true || typeof lora !== 'string' || lora === '' || lora === 'None') continue;
    const denoiser = Number(strength);
    const text = clip ? Number(strengthTwo ?? strength) : 0;
    const file = (): string => {
      const found = at.walk.inventory.find('loras', lora);
      if (found === undefined) throw at.stop(`${lora} (loras) is not here.`);
      return found;
    };
    const before = { model, clip: clip ?? ({ type: 'CLIP', model: model.model, skip: 1 } as const) };
    const added = addLora(at, before, { file, denoiser, text }, name);
    [model, clip] = [added.model, clip && added.clip];
  }
  return [model, clip];
}

/** Runs Efficient Loader. */
function loadAll(at: Place) {
  const [loaded, first, builtIn] = checkpoint(at, 'ckpt_name');
  for (const side of ['positive', 'negative'])
    noteWeights(at, at.text(side), at.text('weight_interpretation'), at.text('token_normalization'));
  const parts = {
    model: loaded,
    clip: { ...first, skip: Math.max(1, -at.number('clip_skip')) },
  };
  const own = isNamed(at, 'lora_name')
    ? addLora(
        at,
        parts,
        {
          file: () => at.file('loras', 'lora_name'),
          denoiser: at.number('lora_model_strength'),
          text: at.number('lora_clip_strength'),
        },
        'lora',
      )
    : parts;
  const { model, clip } = addStack(at, own, at.maybe('lora_stack', 'LORA_STACK')?.loras ?? []);
  const autoencoder = isNamed(at, 'vae_name') ? autoencoderFile(at, 'vae_name') : builtIn;
  const controlled = (value: ConditioningValue) => withControls(value, given(at, 'cnet_stack'));
  const size = { width: at.number('empty_latent_width'), height: at.number('empty_latent_height') };
  return [
    model,
    controlled(textOf(at, at.text('positive'), clip, `${at.id} first`)),
    controlled(textOf(at, at.text('negative'), clip, `${at.id} second`)),
    emptyLatent(at, size, at.number('batch_size')),
    autoencoder,
    clip,
    undefined,
  ];
}

/** Packs write these for none. */
const isNamed = (at: Place, name: string): boolean => !['None', 'Baked VAE', ''].includes(at.text(name));

/** The samplers of Efficiency: they show what they paint. */
export function sampledAndShown(
  at: Place,
  sample: (at: Place) => LatentValue,
  hires?: HiresScript,
): (Value | undefined)[] {
  if (at.value('script') && !hires) throw at.stop('scripts do not run here.');
  const own = at.maybe('optional_vae', 'VAE');
  const { output, pictures } = hires
    ? scripted(at, sample(at), hires, own)
    : { output: sample(at), pictures: undefined };
  const passed = ['model', 'positive', 'negative'].map((name) => at.value(name));
  if (!own || at.text('vae_decode') === 'false') return [...passed, output, own, undefined];
  const items = pictures ?? at.each(output.items, (item, part) => decoded(part, item, own));
  keepAll(at, items, undefined, 'shown');
  return [...passed, output, own, { type: 'IMAGE', items }];
}
