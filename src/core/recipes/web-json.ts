/** JSON that sites and A1111's API keep about a picture. @see A1111 modules/api/models.py; Civitai's image meta */
import { readPairs } from '../infotext/parse';
import type { Note, Recipe } from '../infotext';
import { asBag, toPairs, type Bag } from './json-pairs';

/** Names of A1111's API, and of Civitai where the infotext's key has another case. */
const KEYS: Readonly<Record<string, string>> = {
  steps: 'Steps',
  sampler: 'Sampler',
  sampler_name: 'Sampler',
  sampler_index: 'Sampler',
  scheduler: 'Schedule type',
  cfgScale: 'CFG scale',
  cfg_scale: 'CFG scale',
  seed: 'Seed',
  subseed: 'Variation seed',
  subseed_strength: 'Variation seed strength',
  denoising_strength: 'Denoising strength',
  clipSkip: 'Clip skip',
  clip_skip: 'Clip skip',
  sd_model_name: 'Model',
  sd_model_hash: 'Model hash',
  sd_model_checkpoint: 'Model',
  CLIP_stop_at_last_layers: 'Clip skip',
  eta_noise_seed_delta: 'ENSD',
  randn_source: 'RNG',
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
  const { prompt } = json;
  if (typeof prompt !== 'string') return undefined;
  const negative = json['negative_prompt'] ?? json['negativePrompt'];
  const all: Bag = { ...json, ...asBag(json['override_settings']) };
  const pairs = toPairs([
    ...Object.entries(KEYS).map(([name, key]) => [key, all[name]] as const),
    ...Object.entries(json['enable_hr'] === true ? HIRES_KEYS : {}).map(([name, key]) => [key, all[name]] as const),
    ['Size', size(json['width'], json['height'])],
    ['Seed resize from', size(json['seed_resize_from_w'], json['seed_resize_from_h'])],
    // Civitai keeps the rest by the infotext's keys.
    ...Object.entries(json).filter(([key]) => /^[A-Z]/.test(key) && !Object.hasOwn(KEYS, key)),
  ]);
  // A1111's API fills in what is not asked for: −1 draws a seed, 0 stands for the whole.
  const said = pairs.filter(({ value }) => value !== '-1');
  return readPairs({ prompt, negativePrompt: typeof negative === 'string' ? negative : '' }, said);
}

function size(width: unknown, height: unknown): string | undefined {
  const isSize = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0;
  return isSize ? `${width}x${height}` : undefined;
}
