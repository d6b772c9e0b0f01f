/**
 * JSON that other programs and sites keep about a picture: A1111's API, Civitai, Fooocus, SwarmUI, InvokeAI.
 *
 * @see A1111 modules/api/models.py; Fooocus modules/meta_parser.py; SwarmUI docs (image metadata); InvokeAI CoreMetadata
 */
import { findSampler, type Note, type Recipe } from '../infotext';
import { readPairs } from '../infotext/parse';
import { asBag, toPairs, type Bag } from './json-pairs';

/** Their names, where the infotext's key is another or has another case. */
const KEYS: Readonly<Record<string, string>> = {
  steps: 'Steps',
  sampler: 'Sampler',
  sampler_name: 'Sampler',
  sampler_index: 'Sampler',
  scheduler: 'Schedule type',
  cfgScale: 'CFG scale',
  cfg_scale: 'CFG scale',
  cfgscale: 'CFG scale',
  guidance_scale: 'CFG scale',
  cfg_rescale_multiplier: 'CFG Rescale',
  seed: 'Seed',
  subseed: 'Variation seed',
  subseed_strength: 'Variation seed strength',
  denoising_strength: 'Denoising strength',
  clipSkip: 'Clip skip',
  clip_skip: 'Clip skip',
  sd_model_name: 'Model',
  sd_model_hash: 'Model hash',
  sd_model_checkpoint: 'Model',
  base_model: 'Model',
  base_model_hash: 'Model hash',
  model: 'Model',
  CLIP_stop_at_last_layers: 'Clip skip',
  eta_noise_seed_delta: 'ENSD',
  randn_source: 'RNG',
  rand_device: 'RNG',
  eta: 'Eta',
  s_churn: 'Sigma churn',
  s_tmin: 'Sigma tmin',
  s_tmax: 'Sigma tmax',
  s_noise: 'Sigma noise',
};

const HIRES_KEYS: Readonly<Record<string, string>> = {
  hr_scale: 'Hires upscale',
  hr_upscaler: 'Hires upscaler',
  hr_second_pass_steps: 'Hires steps',
  hr_sampler_name: 'Hires sampler',
  hr_scheduler: 'Hires schedule type',
  hr_checkpoint_name: 'Hires checkpoint',
  hr_prompt: 'Hires prompt',
  hr_negative_prompt: 'Hires negative prompt',
};

/** Undefined where the object has no prompt. */
export function readWebJson(json: Bag): { recipe: Recipe; notes: Note[] } | undefined {
  const whole = asBag(json['sui_image_params']) ?? json;
  const prompt = whole['prompt'] ?? whole['positive_prompt'];
  if (typeof prompt !== 'string') return undefined;
  const negative = ['negative_prompt', 'negativePrompt', 'negativeprompt'].map((name) => whole[name]);
  const all: Bag = { ...whole, ...asBag(whole['override_settings']), ...namesOf(whole) };
  const pairs = toPairs([
    ...Object.entries(KEYS).map(([name, key]) => [key, all[name]] as const),
    ...Object.entries(whole['enable_hr'] === true ? HIRES_KEYS : {}).map(([name, key]) => [key, all[name]] as const),
    ['Size', sizeOf(whole)],
    ['Seed resize from', size(whole['seed_resize_from_w'], whole['seed_resize_from_h'])],
    // Civitai keeps the rest by the infotext's keys.
    ...Object.entries(whole).filter(([key]) => /^[A-Z]/.test(key) && !Object.hasOwn(KEYS, key)),
  ]);
  // A1111's API fills in what is not asked for: −1 draws a seed.
  const said = pairs.filter(({ value }) => value !== '-1');
  return readPairs({ prompt, negativePrompt: negative.find((text) => typeof text === 'string') ?? '' }, said);
}

/** InvokeAI has a model with a name in it, and calls the sampler, with `_k` for Karras, a scheduler. */
function namesOf({ model, scheduler, positive_prompt: positive }: Bag): Bag {
  const name = asBag(model)?.['name'] ?? asBag(model)?.['model_name'] ?? model;
  const names: Bag = typeof name === 'string' ? { model: name } : { model: undefined };
  if (typeof positive !== 'string' || typeof scheduler !== 'string') return names;
  const plain = scheduler.replace(/_k$/, '');
  const sampler = [plain, `k_${plain}`].find((word) => findSampler(word) !== undefined) ?? plain;
  return { ...names, sampler, scheduler: plain === scheduler ? undefined : 'Karras' };
}

/** Fooocus writes a pair in brackets. */
function sizeOf({ width, height, resolution }: Bag): string | undefined {
  const match = typeof resolution === 'string' ? /^\((\d+), (\d+)\)$/.exec(resolution) : null;
  return match ? `${match[1]}x${match[2]}` : size(width, height);
}

function size(width: unknown, height: unknown): string | undefined {
  const isSize = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0;
  return isSize ? `${width}x${height}` : undefined;
}
