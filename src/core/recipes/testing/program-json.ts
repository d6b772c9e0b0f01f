/** What other programs write, in small, and how tests read it. */
import { readTextRecipe } from '..';
import { PLAIN } from '../../comfyui/testing/graphs';

export { SAID } from '../../recipe/infotext/testing/said';

export const SIZE = { width: 576, height: 704 };
export const API = {
  prompt: 'a stone bridge',
  negative_prompt: 'mist',
  steps: 18,
  sampler_name: 'DPM++ 2M',
  scheduler: 'Karras',
  cfg_scale: 5.5,
  seed: 77,
  ...SIZE,
};
export const INVOKE = {
  app_version: '5.4.3',
  generation_mode: 'txt2img',
  positive_prompt: 'a stone bridge',
  negative_prompt: 'mist',
  ...SIZE,
  seed: 77,
  rand_device: 'cpu',
  cfg_scale: 5.5,
  steps: 18,
  scheduler: 'dpmpp_2m_k',
  clip_skip: 0,
  model: { name: 'orchard' },
};
export const SWARM = {
  prompt: 'a stone bridge',
  negativeprompt: 'mist',
  model: 'orchard',
  seed: 77,
  steps: 18,
  cfgscale: 5.5,
  ...SIZE,
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  swarm_version: '0.9',
};
export const HORDE = {
  prompt: 'a stone bridge ### mist',
  params: { sampler_name: 'k_dpmpp_2m', cfg_scale: 5.5, seed: '77', ...SIZE, steps: 18, karras: true, n: 1 },
  models: ['orchard'],
};
export const FOOOCUS = {
  prompt: 'a stone bridge',
  negative_prompt: 'mist',
  steps: 18,
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  guidance_scale: 5.5,
  seed: '77',
  resolution: '(576, 704)',
  base_model: 'orchard',
  performance: 'Speed',
  version: 'Fooocus v2.5.5',
};
export const TEXT =
  'a stone bridge\nNegative prompt: mist\nSteps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
export const GRAPH = PLAIN;

export const read = (json: unknown) => readTextRecipe(typeof json === 'string' ? json : JSON.stringify(json));
export const notesOf = (json: unknown) =>
  read(json)
    .notes.map(({ message }) => message)
    .join('\n');
