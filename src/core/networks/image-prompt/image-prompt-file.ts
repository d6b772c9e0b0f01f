/**
 * IP-Adapters as files have them, in their authors' words or diffusers': what their tensors are called here, and the config that they tell.
 * @see reference: tencent-ailab/IP-Adapter ip_adapter.py; diffusers loaders/unet.py _convert_ip_adapter_image_proj_to_diffusers
 */
import { AppError } from '../../errors';
import type { RecognisedFile } from '../recognised-file';
import type { TensorPlace } from '../tensor-place';
import { countOf, type Config } from '../published/published';
import type { Shapes } from '../unet-signs';
import type { ImagePromptConfig } from './image-prompt-config';
import { RESAMPLER_HEAD } from './image-prompt';

/** Their pictures are looked at by networks that recognise faces, whose weights are not free. */
const OF_FACES: readonly (readonly [name: string, fits: (tensors: Shapes) => boolean])[] = [
  [
    'an IP-Adapter FaceID',
    (all) => [...all.keys()].some((key) => /_lora\.(down|up)\.weight$|perceiver_resampler\./.test(key)),
  ],
  ['an IP-Adapter FaceID', (all) => all.get('image_proj.proj.0.weight')?.shape[1] === FACE_WIDTH],
  ['an InstantID', (all) => all.get('image_proj.proj_in.weight')?.shape[1] === FACE_WIDTH],
];

/** Width of a face's vector: InsightFace's. */
const FACE_WIDTH = 512;

const LINEAR = 'image_proj.proj.weight';
/** A perceptron's weight in either words: two layers and a norm. */
const PERCEPTRON = /^image_proj\.proj\.3\.weight$|\.ff\.net\.0\.proj\.weight$/;
const RESAMPLER = 'image_proj.latents';

/** @returns undefined where it is nothing of the kind @throws AppError; the message follows the file's name */
export function recogniseImagePrompt(all: Shapes): RecognisedFile | undefined {
  const keys = [...all.keys()];
  if (!keys.some((key) => /^(image_proj|ip_adapter|encoder_hid_proj\.image_projection_layers)\./.test(key)))
    return undefined;
  const face = OF_FACES.find(([, fits]) => fits(all));
  if (face)
    throw new AppError(
      'unsupported-model',
      `this is ${face[0]}, which needs a network that recognises faces, whose weights are not free for all uses: Gesso does not run it. IP-Adapters that read the whole picture do run, "plus-face" among them`,
    );
  const names = placesOf(all);
  const shapes = new Map([...names].map(([ours, place]) => [ours, { shape: shapeOf(place, all) }]));
  const config = configOf(shapes);
  if (!config)
    throw new AppError(
      'bad-file',
      'this is an IP-Adapter, but what it makes of a picture, or the keys and values by which it acts, are missing or of a kind that Gesso does not know',
    );
  return { components: ['image_prompt_adapter'], names, config, name: 'an IP-Adapter' };
}

function shapeOf({ key, rows }: TensorPlace, all: Shapes): readonly number[] {
  const [first, ...rest] = all.get(key)?.shape ?? [];
  return rows ? [first / rows.of, ...rest] : [first, ...rest];
}

/** Ours to theirs. Attentions are numbered with gaps: between two of them stands one that reads no text. */
function placesOf(all: Shapes): Map<string, TensorPlace> {
  const names = new Map<string, TensorPlace>();
  const keys = [...all.keys()];
  const attentions = keys.filter((key) => ATTENTION.test(key)).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  attentions.forEach((key, i) => {
    names.set(`ip_adapter.${i}.to_k_ip.weight`, { key });
    names.set(`ip_adapter.${i}.to_v_ip.weight`, { key: key.replace('to_k_ip', 'to_v_ip') });
  });
  const isPerceptron = keys.some((key) => PERCEPTRON.test(key));
  for (const key of keys) for (const [ours, place] of projectionPlaces(key, isPerceptron)) names.set(ours, place);
  return names;
}

const ATTENTION =
  /^ip_adapter\.(\d+)\.to_k_ip\.weight$|^(down_blocks|up_blocks|mid_block)\..*attn2\.processor\.to_k_ip\.0\.weight$/;

/** What sorts a file's attentions; in diffusers' words by their blocks: down, up, middle. */
function orderOf(key: string): string {
  const side = SIDES.findIndex((name) => key.startsWith(name));
  return [side, ...(key.match(/\d+/g) ?? [])].map((part) => String(part).padStart(4, '0')).join();
}

const SIDES = ['down_blocks', 'up_blocks', 'mid_block'];

/** diffusers' words within the projection, in the authors'. */
const DIFFUSERS: readonly (readonly [RegExp, string])[] = [
  [/^image_embeds\./, 'proj.'],
  [/^ff\.net\.0\.proj\./, 'proj.0.'],
  [/^ff\.net\.2\./, 'proj.2.'],
  [/^layers\.(\d+)\.ln0\./, 'layers.$1.0.norm1.'],
  [/^layers\.(\d+)\.ln1\./, 'layers.$1.0.norm2.'],
  [/^layers\.(\d+)\.attn\.to_out\.0\./, 'layers.$1.0.to_out.'],
  [/^layers\.(\d+)\.attn\.(to_[qkv])\./, 'layers.$1.0.$2.'],
  [/^layers\.(\d+)\.ff\.0\./, 'layers.$1.1.0.'],
  [/^layers\.(\d+)\.ff\.1\.net\.0\.proj\./, 'layers.$1.1.1.'],
  [/^layers\.(\d+)\.ff\.1\.net\.2\./, 'layers.$1.1.3.'],
];

/** Keys and values are one matrix in the authors' files. */
function projectionPlaces(key: string, isPerceptron: boolean): [string, TensorPlace][] {
  const own = /^image_proj\.(.+)$/.exec(key)?.[1];
  if (own !== undefined && own.includes('.to_kv.'))
    return ['to_k', 'to_v'].map((part, i) => [
      `image_proj.${own.replace('to_kv', part)}`,
      { key, rows: { part: i, of: 2 } },
    ]);
  const theirs = own ?? /^encoder_hid_proj\.image_projection_layers\.0\.(.+)$/.exec(key)?.[1];
  if (theirs === undefined) return [];
  if (isPerceptron && theirs.startsWith('norm.'))
    return [[`image_proj.proj.3.${theirs.slice('norm.'.length)}`, { key }]];
  const known = DIFFUSERS.find(([words]) => words.test(theirs));
  return [[`image_proj.${known ? theirs.replace(known[0], known[1]) : theirs}`, { key }]];
}

function configOf(tensors: Shapes): Config | undefined {
  const shape = (name: string): readonly number[] => tensors.get(name)?.shape ?? [];
  const channels: number[] = [];
  while (tensors.has(`ip_adapter.${channels.length}.to_k_ip.weight`))
    channels.push(shape(`ip_adapter.${channels.length}.to_k_ip.weight`)[0]);
  const context = shape('ip_adapter.0.to_k_ip.weight').at(1);
  if (context === undefined) return undefined;
  const projected = projectionConfig(tensors, context);
  return projected && { ...projected, cross_attention_dim: context, attention_channels: channels };
}

type Projected = { projection: ImagePromptConfig['projection'] } & Config;

function projectionConfig(tensors: Shapes, context: number): Projected | undefined {
  const shape = (name: string): readonly number[] => tensors.get(name)?.shape ?? [];
  if (tensors.has(LINEAR)) {
    const [out, width] = shape(LINEAR);
    return { projection: 'linear', image_embed_dim: width, tokens: out / context };
  }
  if (tensors.has('image_proj.proj.3.weight'))
    return { projection: 'perceptron', image_embed_dim: shape('image_proj.proj.0.weight')[1], tokens: PARTS };
  if (!tensors.has(RESAMPLER)) return undefined;
  const [, tokens, width] = shape(RESAMPLER);
  return {
    projection: 'resampler',
    image_embed_dim: shape('image_proj.proj_in.weight')[1],
    tokens,
    hidden_dim: width,
    heads: (shape('image_proj.layers.0.0.to_q.weight')[0] ?? 0) / RESAMPLER_HEAD,
    depth: countOf(tensors, 'image_proj.layers.'),
  };
}

/** What CLIP's towers see of a picture of 224 pixels in patches of 14, and one for the whole. */
const PARTS = 257;
