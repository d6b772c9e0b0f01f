/** Samplers and schedules as other programs write them beyond ComfyUI's and A1111's own names: glued, cut, with words behind. */
import { findSampler, findSchedule, readSamplerName, type SamplerName } from '../sampler-name';
import type { ScheduleId } from '../../schedules';

/** stable-diffusion.cpp's, Civitai's, diffusers' and Forge's. */
const SCHEDULES_OF_OTHERS: Readonly<Record<string, ScheduleId>> = {
  discrete: 'uniform',
  default: 'automatic',
  ays: 'align_your_steps',
  ays_sd1: 'align_your_steps',
  ays_sdxl: 'align_your_steps',
  'ays+': 'align_your_steps',
  ays_30: 'align_your_steps',
  'ays_30+': 'align_your_steps',
  'align your steps 11': 'align_your_steps',
  'align your steps 32': 'align_your_steps',
  gits: 'align_your_steps_gits',
  ka: 'karras',
  native: 'uniform',
};

/** Civitai's orchestrator leaves the "++" out. */
const SAMPLERS_OF_OTHERS: Readonly<Record<string, string>> = {
  dpm2m: 'dpmpp_2m',
  dpm2sa: 'dpmpp_2s_ancestral',
  'dpm-solver++': 'dpmpp_2m',
  'dpmsolver++': 'dpmpp_2m',
  'dpm solver++': 'dpmpp_2m',
  dpmsolver: 'dpmpp_2m',
  'dpm++2mv2': 'dpmpp_2m',
};
/** Another solver, and the nearest one. */
const ONLY_NEAR: ReadonlySet<string> = new Set(['dpm++2mv2']);

/** Krita's own presets, whose names say no schedule. @see Acly/krita-ai-diffusion, ai_diffusion/presets/samplers.json */
const PRESETS: Readonly<Record<string, ScheduleId>> = {
  'default - dpm++ 2m': 'karras',
  'creative - euler a': 'normal',
  'turbo/lightning - dpm++ sde': 'karras',
  'realtime - lcm': 'sgm_uniform',
};

const MOST_LETTERS = 120;
/** "Quality - Euler a". */
const PRESET = /^[\p{L}][\p{L}\p{N} /+]{0,40}? - (\S.*)$/u;
/** "DPM2MKarras", "k_dpmpp_2m_ka". */
const GLUED = /^(.*[A-Za-z0-9+])(?:_(ka)|(Karras|Exponential))$/;

/** Whether it is a schedule of another table than the one that takes its place. */
export const isNearSchedule = (name: string): boolean =>
  /^(?:align your steps \d+|ays\+|ays_30\+?)$/i.test(name.trim());

export function findScheduleOfOthers(name: string): ScheduleId | undefined {
  const word = name.trim().toLowerCase();
  return Object.hasOwn(SCHEDULES_OF_OTHERS, word) ? SCHEDULES_OF_OTHERS[word] : undefined;
}

/** What `readSamplerName` knows, then what others write. */
export function readSamplerWords(name: string): SamplerName {
  const preset = PRESET.exec(name)?.[1];
  // The plugin of Krita names its preset first; ComfyUI paints for it.
  if (preset !== undefined && name.length <= MOST_LETTERS && findSampler(name) === undefined) {
    const own = readSamplerWords(preset);
    const isWhole = own.schedule !== undefined || own.unknownSchedule !== undefined;
    const hidden = isWhole ? {} : { schedule: presetOf(name), preset: name };
    if (own.sampler) return { ...own, ...hidden, isComfy: true };
  }
  const read = readSamplerName(name);
  if (name.length > MOST_LETTERS || (read.sampler && read.unknownSchedule === undefined)) return read;
  const [, stem, ...endings] = GLUED.exec(name) ?? [];
  const ending = endings.find((word) => word !== undefined);
  const glued = ending === undefined ? undefined : named(stem);
  if (glued && ending !== undefined) return { ...glued, schedule: ending === 'ka' ? 'karras' : findSchedule(ending) };
  return named(name) ?? readSpaced(name) ?? readParted(name) ?? (read.sampler ? read : (readBeginning(name) ?? read));
}

function presetOf(name: string): ScheduleId {
  const word = name.trim().toLowerCase();
  return Object.hasOwn(PRESETS, word) ? PRESETS[word] : 'normal';
}

function named(name: string): SamplerName | undefined {
  const word = name.trim().toLowerCase();
  const own = Object.hasOwn(SAMPLERS_OF_OTHERS, word) ? SAMPLERS_OF_OTHERS[word] : name;
  const sampler = findSampler(own);
  return sampler && { sampler, schedule: undefined, ...(ONLY_NEAR.has(word) && { isNearest: true }) };
}

/** "euler_a discrete", "ddim_trailing gits": two words, each of stable-diffusion.cpp. */
function readSpaced(name: string): SamplerName | undefined {
  const [first, second, ...more] = name.trim().split(/\s+/);
  if (second === undefined || more.length > 0) return undefined;
  const schedule = findScheduleOfOthers(second) ?? findSchedule(second);
  const read = named(first) ?? readBeginning(first.replaceAll('_', ' '));
  if (!read || (!schedule && !/^[a-z_]+$/.test(second))) return undefined;
  return { ...read, schedule, ...(!schedule && { unknownSchedule: second }) };
}

/** "dpmpp_2m | karras", "dpmpp_2m/karras", "Euler Ancestral (karras)": both names, whatever parts them. */
function readParted(name: string): SamplerName | undefined {
  const [, first, second = ''] = /^([^|/,()]+)[|/,(]([^|/,()]+)\)?$/.exec(name.trim()) ?? [];
  const own = first === undefined ? undefined : readSamplerName(first.trim());
  const schedule = findSchedule(second.trim()) ?? findScheduleOfOthers(second);
  // "Euler/DDIM" is two samplers.
  const isSchedule = schedule !== undefined && findSampler(second.trim()) === undefined;
  return own?.sampler && own.schedule === undefined && isSchedule ? { ...own, schedule, isParted: true } : undefined;
}

/** "Euler Max", "DPM++ 2s a RF": a variant of what it begins with. */
function readBeginning(name: string): SamplerName | undefined {
  const words = name.trim().split(/\s+/);
  for (let count = words.length - 1; count > 0; count--) {
    const beginning = words.slice(0, count).join(' ');
    const read = named(beginning) ?? readSamplerName(beginning);
    if (read.sampler && read.unknownSchedule === undefined) return { ...read, isNearest: true };
  }
  return undefined;
}
