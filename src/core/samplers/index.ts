/** The table of samplers. The picker, the request's validation and the tests iterate it. */
import { sampleDpmpp2m } from './dpmpp-2m';
import { sampleEuler } from './euler';
import { sampleEulerAncestral } from './euler-ancestral';
import type { SamplerEntry } from './sampler';

export type { Denoise, SamplerEntry, SamplerRun, SamplerStep } from './sampler';

/** Facts of each entry: A1111 modules/sd_samplers_kdiffusion.py. */
export const SAMPLERS = {
  dpmpp_2m: {
    label: 'DPM++ 2M',
    aliases: ['k_dpmpp_2m'],
    usesNoise: false,
    defaultSchedule: 'karras',
    order: 2,
    modelCalls: (steps) => steps,
    sample: sampleDpmpp2m,
  },
  euler_ancestral: {
    label: 'Euler a',
    aliases: ['k_euler_a', 'k_euler_ancestral'],
    usesNoise: true,
    defaultSchedule: 'uniform',
    order: 1,
    modelCalls: (steps) => steps,
    sample: sampleEulerAncestral,
  },
  euler: {
    label: 'Euler',
    aliases: ['k_euler'],
    usesNoise: false,
    defaultSchedule: 'uniform',
    order: 1,
    modelCalls: (steps) => steps,
    sample: sampleEuler,
  },
} as const satisfies Record<string, SamplerEntry>;

export type SamplerId = keyof typeof SAMPLERS;

export function isSamplerId(id: string): id is SamplerId {
  return Object.hasOwn(SAMPLERS, id);
}
