/** Keys that mean the same in the JSON of all programs. */
import { canonicalKey } from '../../recipe/infotext/key-names';
import { asBag } from '../json-pairs';
import { findSchedule } from '../../recipe/sampler-name';
import { findScheduleOfOthers, readSamplerWords } from '../../recipe/infotext/sampler-words';
import { readResources } from './civitai';
import { fileStem, isNothing, isTrue, toNumber, type Draft } from './draft';
import { readLoraLists, readLoras } from './loras';
import { MASKS } from './masks';
import { readElsewhere, type Reader } from './program';
import { readScriptName, readScripts } from './scripts';

const readText =
  (set: (draft: Draft, text: string) => void): Reader =>
  (value, draft) => {
    const text = textOf(value);
    if (text !== undefined) set(draft, text);
  };

/** A text, or several of which the first counts; `["6", 0]` is a link of ComfyUI's graphs. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value) && value.length === 2 && typeof value[1] === 'number') return undefined;
  if (Array.isArray(value)) return value.map(textOf).find((text) => text !== undefined);
  return typeof value === 'string' ? value : undefined;
}

const hasWeights = (value: unknown): boolean =>
  Array.isArray(value) && value.some((one) => typeof (asBag(one)?.['text'] ?? asBag(one)?.['prompt']) === 'string');

const readPrompt: Reader = (value, draft, keys) =>
  hasWeights(value)
    ? readTextPrompts(value, draft, keys)
    : readText((own, text) => (own.prompt ??= text))(value, draft, keys);
const readNegative: Reader = (value, draft) => {
  const texts = hasWeights(value)
    ? (value as unknown[]).map((one) => asBag(one)?.['text'] ?? asBag(one)?.['prompt'])
    : value;
  const text = Array.isArray(texts) && hasWeights(value) ? texts.map(String).join(', ') : textOf(texts);
  if (text !== undefined) draft.negativePrompt ||= text;
};

/** `name.safetensors [0123456789]`, or an object that has a name. */
export const readModel: Reader = (value, draft) => {
  const bag = asBag(value);
  const name = bag ? (bag['name'] ?? bag['model_name'] ?? bag['modelFileName'] ?? bag['label']) : value;
  if (typeof name !== 'string' || isNothing(name)) return;
  const [, stem, hash] = /^([^]*?)(?: \[([0-9a-f]{8,64})\])?$/i.exec(name) ?? ['', name];
  draft.put('Model', stem.replace(/\.(safetensors|ckpt|pt|gguf|sft)$/i, ''));
  draft.put('Model hash', hash?.slice(0, 10) ?? (typeof bag?.['hash'] === 'string' ? hexOnly(bag['hash']) : undefined));
};

/** Hashes of other kinds say what they are: "blake3:…". */
const hexOnly = (hash: string): string | undefined => (/^[0-9a-f]{8,64}$/i.test(hash) ? hash : undefined);

/** A1111's count, or Easy Diffusion's yes and no. */
const readClipSkip: Reader = (value, draft) =>
  draft.put('Clip skip', isTrue(value) ? 2 : value === 0 || value === -1 ? undefined : value);

const readVae: Reader = (value, draft) => {
  const name = asBag(value)?.['name'] ?? asBag(value)?.['model_name'] ?? value;
  if (typeof name === 'string' && !/^(default|automatic|auto|baked)\b/i.test(name)) draft.put('VAE', name);
};

/** A text, a pair, or an object with sides. */
const readSize: Reader = (value, draft) => {
  const bag = asBag(value);
  const sides = bag && [bag['width'] ?? bag['Width'], bag['height'] ?? bag['Height']];
  const list = sides ?? (Array.isArray(value) ? value : undefined);
  draft.put('Size', list ? list.join('x') : value);
};

/** DiffusionBee and NMKD call guidance so; beside another word for guidance it is something else. */
const readScale: Reader = (value, draft, keys) => {
  const said = new Set([...keys.keys()].map(canonicalKey));
  const [hasSteps, hasGuidance] = [said.has('Steps'), said.has('CFG scale')];
  if (hasSteps && !hasGuidance) draft.put('CFG scale', value);
  else if (!isNothing(value) && value !== 1)
    draft.note('scale', `"scale: ${JSON.stringify(value)}" is not carried over.`);
};

/** A1111 has the switch beside; others leave it out. */
const readRefiner: Reader = (value, draft, keys) => {
  draft.put('Refiner', value);
  if (isNothing(value)) return;
  const [at, ofSteps] = [keys.get('refiner switch at'), keys.get('refiner switch')];
  draft.put('Refiner switch at', at ?? ofSteps);
  // Fooocus's share is one of the steps
  if (isNothing(at) && !isNothing(ofSteps)) draft.put('Refiner switch by sampling steps', 'True');
};

const readPicture: Reader = (value, draft, keys) => {
  if (isNothing(value)) return;
  const strength = STRENGTHS.map((key) => keys.get(key)).find((found) => !isNothing(found));
  if (strength === undefined)
    draft.note('Image', 'It was made from another picture, which the recipe does not hold: this starts from noise.');
  else draft.put('Denoising strength', strength);
};
/** How strongly a picture is changed, where there is one. */
const STRENGTHS = [
  'strength',
  'prompt strength',
  'denoising strength',
  'denoise',
  'initimagecreativity',
  'image strength',
];

/** diffusers and sites call a sampler so. */
const readScheduler: Reader = (value, draft, keys) => {
  const bag = asBag(value);
  const name = String(bag?.['name'] ?? bag?.['_class_name'] ?? value);
  for (const [key, schedule] of Object.entries(SIGMAS)) if (isTrue(bag?.[key])) draft.put('Schedule type', schedule);
  if (/^sde-/.test(String(bag?.['algorithm_type']))) {
    draft.put('Sampler', 'DPM++ 2M SDE');
    return;
  }
  // "DDIM" is both: where nothing else says the sampler, it is that.
  const isSchedule =
    !/^ddim$/i.test(name) && (findSchedule(name) !== undefined || findScheduleOfOthers(name) !== undefined);
  const hasSampler = ['sampler', 'sampler name', 'sampler index', 'sampling method', 'sample method'].some(
    (key) => !isNothing(keys.get(key)),
  );
  if (!isSchedule && !hasSampler && readSamplerWords(name).sampler) draft.put('Sampler', name);
  else if (!isNothing(value)) draft.put('Schedule type', name);
};

/** Switches of diffusers' schedulers. @see diffusers schedulers/scheduling_dpmsolver_multistep.py */
const SIGMAS: Readonly<Record<string, string>> = {
  use_karras_sigmas: 'Karras',
  use_exponential_sigmas: 'Exponential',
  use_beta_sigmas: 'Beta',
};

const readSigmas =
  (schedule: string): Reader =>
  (value, draft) => {
    if (isTrue(value)) draft.put('Schedule type', schedule);
  };

/** Stability's: texts with weights, of which those below 0 are to be avoided. */
const readTextPrompts: Reader = (value, draft) => {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const bags = list.map((one) => asBag(one) ?? { text: one });
  const texts = (isNegative: boolean) =>
    bags
      .filter(
        (bag) =>
          typeof (bag['text'] ?? bag['prompt']) === 'string' && (toNumber(bag['weight']) ?? 1) < 0 === isNegative,
      )
      .map((bag) => String(bag['text'] ?? bag['prompt']))
      .join(', ');
  draft.prompt ??= texts(false);
  draft.negativePrompt ||= texts(true);
  if (bags.some((bag) => Math.abs(toNumber(bag['weight']) ?? 1) !== 1))
    draft.note('text_prompts', 'The weights of the texts are not carried over.');
};

export const COMMON: Readonly<Record<string, Reader>> = {
  prompt: readPrompt,
  'positive prompt': readPrompt,
  positive: readPrompt,
  'prompt text': readPrompt,
  prompts: readPrompt,
  'text prompts': readTextPrompts,
  'negative prompt': readNegative,
  'negative prompts': readNegative,
  negativeprompt: readNegative,
  negative: readNegative,
  neg: readNegative,
  'neg prompt': readNegative,
  uc: readNegative,
  model: readModel,
  'base model': readModel,
  'base model name': readModel,
  'sd model checkpoint': readModel,
  'sd model name': readModel,
  'model name': readModel,
  checkpoint: readModel,
  'clip skip': readClipSkip,
  vae: readVae,
  'vae name': readVae,
  'sd vae': readVae,
  scheduler: readScheduler,
  'use karras sigmas': readSigmas('Karras'),
  karras: readSigmas('Karras'),
  'use exponential sigmas': readSigmas('Exponential'),
  'use beta sigmas': readSigmas('Beta'),
  'alwayson scripts': readScripts,
  'script name': readScriptName,
  'script args': readElsewhere,
  resources: readResources,
  'civitai resources': readResources,
  'art model name': readModel,
  size: readSize,
  resolution: readSize,
  res: readSize,
  'image size': readSize,
  inputs: readPrompt,
  'noise scheduler': readScheduler,
  scale: readScale,
  'refiner model': readRefiner,
  'refiner checkpoint': readRefiner,
  'refiner switch': readElsewhere,
  'refiner switch at': readElsewhere,
  loras: readLoras,
  lora: readLoras,
  'lora models': readLoras,
  'lora list': readLoras,
  'selected lora': (value, draft, keys) => {
    if (typeof value === 'string' && !isNothing(value))
      draft.lora(fileStem(value), toNumber(keys.get('lora weight')) ?? 1);
  },
  'lora weight': readElsewhere,
  'lora model': (value, draft, keys) => readLoraLists(value, keys.get('lora strength'), draft),
  'lora strength': readElsewhere,
  ckpt: readModel,
  'ckpt name': readModel,
  'lora paths': (value, draft, keys) => readLoraLists(value, keys.get('lora scales'), draft),
  'lora scales': readElsewhere,
  ...MASKS,
  'init image': readPicture,
  'init images': readPicture,
  'source image': readPicture,
  strength: readElsewhere,
  'prompt strength': readElsewhere,
};

/** They say nothing about the picture: where files go, when it was, what program it was. */
export const COMMON_IGNORED: ReadonlySet<string> = new Set(
  `batch size, batch count, n iter, n, n samples, num imgs, applet name, session id, num outputs, images, batch, batch index, send images, save images, do not save samples,
  do not save grid, override settings restore afterwards, force task id, all prompts, all negative prompts, all seeds, all subseeds,
  infotexts, index of first image, job timestamp, sd vae name, sd vae hash, version, software, app, app id, app version, created at, created by,
  date, time, timestamp, user, username, id, uuid, url, nsfw, output format, image format, output quality, metadata scheme, prompt expansion,
  performance, full prompt, full negative prompt, raw prompt, raw negative prompt, hashes, generation time,
  extra generation params, s tmax, s min uncond, disable extra networks, comments, filename, file name, path, type, engine, workflow, is using inpainting conditioning,
  model id, model version id, created date, remix of id, quantity, work flow, base model hash, sd model hash, model hash, enable hr, firstphase width, firstphase height,
  hr resize x, hr resize y, hr resizex, hr resizey, lora hashes, override settings, hr additional modules, image count, num images, mflux version,
  precision, quantize, generation time seconds, done, local prompt, model no, model ver no, img width, img height, image width, image height`
    .split(',')
    .map((word) => word.trim().replace(/\s+/g, ' ')),
);
