/** A request as ComfyUI's prompt of core nodes: checkpoint, LoRAs, texts, controls, samplers, the saved picture. */
import { checkpointOf } from '../../recipe/checkpoint';
import { withControlDefaults } from '../../recipe/control/unit';
import { MODES } from '../../recipe/control/unit-fields';
import { asksForOther, isSecondAlone, secondPass } from '../../recipe/hires';
import { hiresUpscalerOf } from '../../recipe/hires-upscalers';
import type { LoraWeight } from '../../recipe/lora-weight';
import type { Note } from '../../recipe/recipe';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../../recipe/request';
import { namedSchedule } from '../../recipe/named-schedule';
import type { SamplerId } from '../../samplers';
import type { ScheduleId } from '../../schedules';
import type { ApiLink, ApiPrompt, Json } from '../workflows';
import { comfySampler, comfyScheduler } from './names';
import { notCarried } from './not-carried';
import { guidedModel } from './guided-model';
import { PromptMaker } from './prompt-maker';
import { isRedrawn, redrawn } from './redrawn';
import { handoverOf, isAllRefined } from './refined-samplers';
import { wordsOf } from './texts';

/** Names of files that requests know by their ids. */
export interface FileNames {
  model: string;
  control?: (id: string) => string;
  /** What is known of the checkpoint that paints the second pass, where it is here: see core/workflow, Parts. */
  second?: { isFirst?: boolean; hasOtherLatents: boolean; isOtherFamily?: boolean };
  /** What is known of the checkpoint that takes over on the way, where it is here. */
  refiner?: { isOtherFamily: boolean };
}

export interface WrittenPrompt {
  prompt: ApiPrompt;
  /** What is not carried over. */
  notes: Note[];
}

/** A file's name as ComfyUI's folders have it. */
const asFile = (name: string): string =>
  /\.(safetensors|sft|ckpt|pth?|bin|gguf)$/i.test(name) ? name : `${name}.safetensors`;
/** Pictures are called by the hash of their pixels. */
export const pictureFile = (hash: string): string => `${hash}.png`;

const loaded = (graph: PromptMaker, name: string): string =>
  graph.add('CheckpointLoaderSimple', { ckpt_name: asFile(name) });

const refinerFile = ({ refinerCheckpoint }: CompleteRequest): string =>
  checkpointOf(refinerCheckpoint).model ?? refinerCheckpoint;

/** The prompt reads back as the same recipe, except for what the notes name. */
export function promptOfRequest(said: GenerationRequest, names: FileNames): WrittenPrompt {
  const asked = withDefaults(said);
  const { positive, negative, notes, ...tagged } = wordsOf(asked);
  const made = { loras: tagged.loras, request: asked };
  const isRefined = isAllRefined(asked);
  const { loras, request } = isRefined ? fitForRefiner(made, names) : made;
  const graph = new PromptMaker();
  const checkpoint = loaded(graph, isRefined ? refinerFile(asked) : names.model);
  const own = request.vae !== 'automatic';
  const decoder: ApiLink = own ? [graph.add('VAELoader', { vae_name: asFile(request.vae) }), 0] : [checkpoint, 2];
  const parts = { graph, request, names, decoder, notes, ...adaptedBy(loras, checkpoint, { graph, request }) };
  const words = { positive, negative };
  graph.add('SaveImage', { images: painted(parts, { words, loras, checkpoint }), filename_prefix: 'Gesso' });
  return { prompt: graph.prompt, notes: [...notes, ...notCarried(request)] };
}

interface Fit {
  loras: readonly LoraWeight[];
  request: CompleteRequest;
}

/** LoRAs and units are for the first model's family. */
const fitForRefiner = (made: Fit, { refiner }: FileNames): Fit =>
  refiner?.isOtherFamily === true ? { loras: [], request: { ...made.request, control: [] } } : made;

/** @returns the finished picture */
function painted(parts: Parts, given: Given): ApiLink {
  const { graph, request, decoder } = parts;
  const { words } = given;
  if (isRedrawn(request) && request.initImage !== undefined) {
    const image: ApiLink = [graph.add('LoadImage', { image: pictureFile(request.initImage) }), 0];
    const sampling = samplingOf(request, request, request.denoisingStrength);
    const guided = { ...conditioned(parts, words), model: parts.model, vae: decoder };
    return redrawn(graph, request, { image, ...guided, sampled: sampling });
  }
  const { latent, decoder: last } = isSecondAlone(request)
    ? secondPassOf(parts, { ...given, picture: startPicture(parts, request.initImage ?? '') })
    : request.hiresScale > 1
      ? secondPassOf(parts, { ...given, latent: firstPass(parts, words).latent })
      : firstPass(parts, words);
  return [graph.add('VAEDecode', { samples: latent, vae: last }), 0];
}

interface Parts {
  graph: PromptMaker;
  request: CompleteRequest;
  names: FileNames;
  model: ApiLink;
  clip: ApiLink;
  decoder: ApiLink;
  notes: Note[];
}

/** Adds the checkpoint's LoRAs and its clip skip. */
function adaptedBy(
  loras: readonly LoraWeight[],
  checkpoint: string,
  { graph, request }: Pick<Parts, 'graph' | 'request'>,
): Pick<Parts, 'model' | 'clip'> {
  let [model, clip]: ApiLink[] = [
    [checkpoint, 0],
    [checkpoint, 1],
  ];
  for (const { name, unet, text } of loras) {
    const weights = { strength_model: unet, strength_clip: text };
    const id = graph.add('LoraLoader', { lora_name: asFile(name), ...weights, model, clip });
    [model, clip] = [
      [id, 0],
      [id, 1],
    ];
  }
  const { clipSkip } = request;
  if (clipSkip > 1) clip = [graph.add('CLIPSetLastLayer', { clip, stop_at_clip_layer: -clipSkip }), 0];
  return { model: guidedModel(graph, model, request), clip };
}

/** The checkpoint of the second pass, where it differs from the first's. */
const otherCheckpoint = (request: CompleteRequest, { second }: FileNames): string | undefined =>
  asksForOther(request) && second?.isFirst !== true ? checkpointOf(request.hiresCheckpoint).model : undefined;

/** What a second pass starts from: a latent, or a picture that stands for it. */
type Start = { latent: ApiLink; picture?: undefined } | { latent?: undefined; picture: ApiLink };

interface Given {
  words: Words;
  loras: readonly LoraWeight[];
  /** Node of the first pass's. */
  checkpoint: string;
}

/** @returns its latent, and the VAE that decodes it: the second checkpoint's own, where its latents differ */
function secondPassOf(
  parts: Parts,
  { words, loras, checkpoint, ...start }: Given & Start,
): { latent: ApiLink; decoder: ApiLink } {
  const { graph, request, names, decoder: first } = parts;
  const other = otherCheckpoint(request, names);
  const again = secondWords(request);
  if (again) parts.notes.push(...again.notes);
  const { hasOtherLatents = false, isOtherFamily = false } = (other !== undefined && names.second) || {};
  const from = other === undefined ? checkpoint : loaded(graph, other);
  const usesOwn = other !== undefined && (hasOtherLatents || request.vae === 'automatic');
  const decoder: ApiLink = usesOwn ? [from, 2] : first;
  const kept = isOtherFamily && request.hiresPrompt === '' ? [] : (again?.loras ?? loras);
  const isSame = other === undefined && !again;
  const second = isSame ? parts : { ...parts, ...adaptedBy(kept, from, { graph, request }) };
  return { latent: enlarged({ ...second, first, decoder, hasOtherLatents }, again ?? words, start), decoder };
}

/** Texts of a second pass that has its own; its LoRAs are those that they name. */
function secondWords(request: CompleteRequest): ReturnType<typeof wordsOf> | undefined {
  const { prompt, negativePrompt } = secondPass(request);
  if (prompt === request.prompt && negativePrompt === request.negativePrompt) return undefined;
  return wordsOf({ ...request, prompt, negativePrompt });
}

interface Words {
  positive: string;
  negative: string;
}

/** The picture that it starts from, in the size that is painted. */
function startPicture({ graph, request }: Pick<Parts, 'graph' | 'request'>, hash: string): ApiLink {
  const { width, height } = request;
  const loaded = graph.add('LoadImage', { image: pictureFile(hash) });
  const crop = request.resizeMode === 'crop_and_resize' ? 'center' : 'disabled';
  const fit: Record<string, Json> = { upscale_method: 'lanczos', width, height, crop };
  return [graph.add('ImageScale', { image: [loaded, 0], ...fit }), 0];
}

/** Empty, or read from a picture of the size. */
function firstLatent(parts: Parts): ApiLink {
  const { graph, request, decoder } = parts;
  const { initImage, initMask, width, height } = request;
  if (initImage === undefined) return [graph.add('EmptyLatentImage', { width, height, batch_size: 1 }), 0];
  const latent = graph.add('VAEEncode', { pixels: startPicture(parts, initImage), vae: decoder });
  if (initMask === undefined) return [latent, 0];
  const mask = graph.add('LoadImageMask', { image: pictureFile(initMask), channel: 'red' });
  return [graph.add('SetLatentNoiseMask', { samples: [latent, 0], mask: [mask, 0] }), 0];
}

interface Pass {
  sampler: SamplerId;
  schedule: ScheduleId;
  steps: number;
  cfgScale: number;
}

const seedOf = ({ seed }: CompleteRequest): Json => (typeof seed === 'string' ? BigInt(seed) : seed);

const runOf = (pass: Pass): Record<string, Json> => ({
  ...{ steps: pass.steps, cfg: pass.cfgScale },
  sampler_name: comfySampler(pass.sampler) ?? 'euler',
  scheduler: comfyScheduler(namedSchedule(pass.schedule, pass.sampler)) ?? 'normal',
});

const samplingOf = (request: CompleteRequest, pass: Pass, denoise: number): Record<string, Json> => ({
  ...{ seed: seedOf(request), ...runOf(pass), denoise },
});

function sampled(parts: Parts, pass: Pass, words: Words, latent: ApiLink, denoise: number): ApiLink {
  const { graph, request, model } = parts;
  const { positive, negative } = conditioned(parts, words);
  const settings = samplingOf(request, pass, denoise);
  return [graph.add('KSampler', { model, positive, negative, latent_image: latent, ...settings }), 0];
}

/** With the VAE that decodes it: the refiner's own, where one ends the pass. */
function firstPass(parts: Parts, words: Words): { latent: ApiLink; decoder: ApiLink } {
  const { graph, request, names, decoder } = parts;
  const start = firstLatent(parts);
  const handover = handoverOf(request);
  if (!handover || 'reason' in handover || handover.step === 0) {
    const denoise = request.initImage === undefined ? 1 : request.denoisingStrength;
    return { latent: sampled(parts, request, words, start, denoise), decoder };
  }
  const from = loaded(graph, refinerFile(request));
  const fit = fitForRefiner({ loras: wordsOf(request).loras, request }, names);
  const refiner = { ...parts, request: fit.request, ...adaptedBy(fit.loras, from, parts) };
  const half = (one: Parts, latent: ApiLink, own: Record<string, Json>): ApiLink => {
    const inputs = { model: one.model, ...conditioned(one, words), latent_image: latent };
    const run = { noise_seed: seedOf(request), ...runOf(request), ...own };
    return [graph.add('KSamplerAdvanced', { ...inputs, ...run }), 0];
  };
  const { step } = handover;
  const begun = half(parts, start, {
    ...{ add_noise: 'enable', start_at_step: 0, end_at_step: step, return_with_leftover_noise: 'enable' },
  });
  const ended = half(refiner, begun, {
    ...{ add_noise: 'disable', start_at_step: step, end_at_step: 10_000, return_with_leftover_noise: 'disable' },
  });
  return { latent: ended, decoder: request.vae === 'automatic' ? [from, 2] : decoder };
}

/** Both texts, under all controls. */
function conditioned({ graph, request, names, clip, notes }: Parts, words: Words): Record<keyof Words, ApiLink> {
  let positive: ApiLink = [graph.add('CLIPTextEncode', { text: words.positive, clip }, 'Prompt'), 0];
  let negative: ApiLink = [graph.add('CLIPTextEncode', { text: words.negative, clip }, 'Negative prompt'), 0];
  for (const said of request.control ?? []) {
    const { model, image = request.initImage, module, weight, start, end, mode } = withControlDefaults(said);
    if (image === undefined) continue;
    if (module !== 'none')
      note(
        notes,
        `The hint is not made by ${module} in the graph: the picture is the hint.${
          /colorfix|recolor/i.test(module) ? ' Nor are colours kept or replaced as it does.' : ''
        }`,
      );
    if (mode !== 'balanced') note(notes, `“${MODES[mode]}” is not carried over.`);
    const net = graph.add('ControlNetLoader', { control_net_name: asFile(names.control?.(model) ?? model) });
    const hint = graph.add('LoadImage', { image: pictureFile(image) });
    const range = { strength: weight, start_percent: start, end_percent: end };
    const id = graph.add('ControlNetApplyAdvanced', {
      positive,
      negative,
      control_net: [net, 0],
      image: [hint, 0],
      ...range,
    });
    [positive, negative] = [
      [id, 0],
      [id, 1],
    ];
  }
  return { positive, negative };
}

function note(notes: Note[], message: string): void {
  notes.push({ key: 'Control', message });
}

/** The second pass of hires fix. */
function enlarged(parts: Parts & { first: ApiLink; hasOtherLatents: boolean }, words: Words, start: Start): ApiLink {
  const { graph, request, decoder, first, hasOtherLatents } = parts;
  const { hiresScale, width, height } = request;
  const upscaler = hiresUpscalerOf(request.hiresUpscaler);
  const pass = secondPass(request);
  let larger: ApiLink;
  if ('mode' in upscaler) {
    const upscale_method = upscaler.mode === 'nearest' ? 'nearest-exact' : upscaler.mode;
    const { latent, picture } = start;
    const read = (pixels: ApiLink): ApiLink => [graph.add('VAEEncode', { pixels, vae: decoder }), 0];
    const samples = picture ? read(picture) : hasOtherLatents ? readAgain(parts, latent) : latent;
    larger = [graph.add('LatentUpscaleBy', { samples, upscale_method, scale_by: hiresScale }), 0];
  } else {
    const network = graph.add('UpscaleModelLoader', { model_name: `${upscaler.network}.pth` });
    const image: ApiLink = start.picture ?? [graph.add('VAEDecode', { samples: start.latent, vae: first }), 0];
    const made = graph.add('ImageUpscaleWithModel', { upscale_model: [network, 0], image });
    const [w, h] = [width, height].map((side) => Math.floor(Math.trunc(side * hiresScale) / 8) * 8);
    const size: Record<string, Json> = { upscale_method: 'lanczos', width: w ?? 0, height: h ?? 0, crop: 'disabled' };
    const fitted = graph.add('ImageScale', { image: [made, 0], ...size });
    larger = [graph.add('VAEEncode', { pixels: [fitted, 0], vae: decoder }), 0];
  }
  return sampled(parts, pass, words, larger, request.denoisingStrength);
}

/** The first pass's picture in the latents of the second. */
function readAgain(
  { graph, first, decoder }: Pick<Parts, 'graph' | 'decoder'> & { first: ApiLink },
  latent: ApiLink,
): ApiLink {
  const pixels: ApiLink = [graph.add('VAEDecode', { samples: latent, vae: first }), 0];
  return [graph.add('VAEEncode', { pixels, vae: decoder }), 0];
}
