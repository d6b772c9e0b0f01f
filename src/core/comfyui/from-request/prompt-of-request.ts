/** A request as ComfyUI's prompt of core nodes: checkpoint, LoRAs, texts, controls, samplers, the saved picture. */
import { checkpointOf } from '../../recipe/checkpoint';
import { withControlDefaults } from '../../recipe/control/unit';
import { secondPass } from '../../recipe/hires';
import { hiresUpscalerOf } from '../../recipe/hires-upscalers';
import type { LoraWeight } from '../../recipe/lora-weight';
import type { Note } from '../../recipe/recipe';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../../recipe/request';
import { namedSchedule } from '../../recipe/sampler-name';
import type { SamplerId } from '../../samplers';
import type { ScheduleId } from '../../schedules';
import type { ApiLink, ApiPrompt, Json } from '../workflows';
import { comfySampler, comfyScheduler } from './names';
import { notCarried } from './not-carried';
import { PromptMaker } from './prompt-maker';
import { wordsOf } from './texts';

/** What files are called, which requests have by their ids. */
export interface FileNames {
  model: string;
  control?: (id: string) => string;
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

/** Read back it is the same recipe, but for what the notes name. */
export function promptOfRequest(said: GenerationRequest, names: FileNames): WrittenPrompt {
  const request = withDefaults(said);
  const { positive, negative, loras, notes } = wordsOf(request);
  const graph = new PromptMaker();
  const load = (name: string): string => graph.add('CheckpointLoaderSimple', { ckpt_name: asFile(name) });
  const checkpoint = load(names.model);
  const own = request.vae !== 'automatic';
  const decoder: ApiLink = own ? [graph.add('VAELoader', { vae_name: asFile(request.vae) }), 0] : [checkpoint, 2];
  let last = decoder;
  const parts = { graph, request, names, decoder, notes, ...adaptedBy(loras, checkpoint, { graph, request }) };
  const words = { positive, negative };
  let latent = sampled(parts, request, words, firstLatent(parts), request.initImage === undefined ? 1 : request.denoisingStrength); // prettier-ignore
  if (request.hiresScale > 1) {
    const { model: other } = otherCheckpoint(request);
    const again = secondWords(request);
    if (again) notes.push(...again.notes);
    const from = other === undefined ? checkpoint : load(other);
    const isSame = other === undefined && !again;
    const second = isSame ? parts : { ...parts, ...adaptedBy((again ?? { loras }).loras, from, { graph, request }) };
    last = own || other === undefined ? decoder : [from, 2];
    latent = enlarged({ ...second, first: decoder, decoder: last }, again ?? words, latent);
  }
  const image = graph.add('VAEDecode', { samples: latent, vae: last });
  graph.add('SaveImage', { images: [image, 0], filename_prefix: 'Gesso' });
  return { prompt: graph.prompt, notes: [...notes, ...notCarried(request)] };
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

/** What the checkpoint's LoRAs and its clip skip make of it. */
function adaptedBy(
  loras: readonly LoraWeight[],
  checkpoint: string,
  { graph, request: { clipSkip } }: Pick<Parts, 'graph' | 'request'>,
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
  if (clipSkip > 1) clip = [graph.add('CLIPSetLastLayer', { clip, stop_at_clip_layer: -clipSkip }), 0];
  return { model, clip };
}

/** Checkpoint of the second pass, where that is another than the first's. */
const otherCheckpoint = ({ hiresCheckpoint }: CompleteRequest): { model?: string } =>
  hiresCheckpoint === 'same' ? {} : checkpointOf(hiresCheckpoint);

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

/** Empty, or read from a picture of the size. */
function firstLatent({ graph, request, decoder }: Parts): ApiLink {
  const { initImage, initMask, width, height } = request;
  if (initImage === undefined) return [graph.add('EmptyLatentImage', { width, height, batch_size: 1 }), 0];
  const loaded = graph.add('LoadImage', { image: pictureFile(initImage) });
  const crop = request.resizeMode === 'crop_and_resize' ? 'center' : 'disabled';
  const fit: Record<string, Json> = { upscale_method: 'lanczos', width, height, crop };
  const scaled = graph.add('ImageScale', { image: [loaded, 0], ...fit });
  const latent = graph.add('VAEEncode', { pixels: [scaled, 0], vae: decoder });
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

function sampled(parts: Parts, pass: Pass, words: Words, latent: ApiLink, denoise: number): ApiLink {
  const { graph, request, model } = parts;
  const { positive, negative } = conditioned(parts, words);
  const settings: Record<string, Json> = {
    seed: typeof request.seed === 'string' ? BigInt(request.seed) : request.seed,
    ...{ steps: pass.steps, cfg: pass.cfgScale },
    sampler_name: comfySampler(pass.sampler) ?? 'euler',
    scheduler: comfyScheduler(namedSchedule(pass.schedule, pass.sampler)) ?? 'normal',
    denoise,
  };
  return [graph.add('KSampler', { model, positive, negative, latent_image: latent, ...settings }), 0];
}

/** Both texts, under all controls. */
function conditioned({ graph, request, names, clip, notes }: Parts, words: Words): Record<keyof Words, ApiLink> {
  let positive: ApiLink = [graph.add('CLIPTextEncode', { text: words.positive, clip }, 'Prompt'), 0];
  let negative: ApiLink = [graph.add('CLIPTextEncode', { text: words.negative, clip }, 'Negative prompt'), 0];
  for (const said of request.control ?? []) {
    const { model, image = request.initImage, module, weight, start, end, mode } = withControlDefaults(said);
    if (image === undefined) continue;
    if (module !== 'none') note(notes, `The hint is not made by ${module} in the graph: the picture is the hint.`);
    if (mode !== 'balanced') note(notes, `The control mode ${mode} is not carried over.`);
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
function enlarged(parts: Parts & { first: ApiLink }, words: Words, latent: ApiLink): ApiLink {
  const { graph, request, decoder, first } = parts;
  const { hiresScale, width, height } = request;
  const upscaler = hiresUpscalerOf(request.hiresUpscaler);
  const pass = secondPass(request);
  let larger: ApiLink;
  if ('mode' in upscaler) {
    const upscale_method = upscaler.mode === 'nearest' ? 'nearest-exact' : upscaler.mode;
    larger = [graph.add('LatentUpscaleBy', { samples: latent, upscale_method, scale_by: hiresScale }), 0];
  } else {
    const loaded = graph.add('UpscaleModelLoader', { model_name: `${upscaler.network}.pth` });
    const decoded = graph.add('VAEDecode', { samples: latent, vae: first });
    const made = graph.add('ImageUpscaleWithModel', { upscale_model: [loaded, 0], image: [decoded, 0] });
    const [w, h] = [width, height].map((side) => Math.floor(Math.trunc(side * hiresScale) / 8) * 8);
    const size: Record<string, Json> = { upscale_method: 'lanczos', width: w ?? 0, height: h ?? 0, crop: 'disabled' };
    const fitted = graph.add('ImageScale', { image: [made, 0], ...size });
    larger = [graph.add('VAEEncode', { pixels: [fitted, 0], vae: decoder }), 0];
  }
  return sampled(parts, pass, words, larger, request.denoisingStrength);
}
