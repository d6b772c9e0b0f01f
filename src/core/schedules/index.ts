/** The table of schedule types. The picker, the request's validation and the tests iterate it. */
import { karrasSigmas } from './karras';
import type { ScheduleEntry } from './schedule';
import { sgmUniformSigmas } from './sgm-uniform';
import { uniformSigmas } from './uniform';

export { createDiscreteSchedule, type DiscreteSchedule } from './discrete';
export { readNoiseScheduleConfig, type NoiseScheduleConfig } from './noise-schedule-config';
export type { ScheduleEntry } from './schedule';

export const SCHEDULES = {
  /** Stands for the sampler's own default: see resolveSchedule. Without a sampler it is Uniform, as in A1111. */
  automatic: { label: 'Automatic', sigmas: uniformSigmas },
  uniform: { label: 'Uniform', sigmas: uniformSigmas },
  karras: { label: 'Karras', sigmas: karrasSigmas },
  sgm_uniform: { label: 'SGM Uniform', sigmas: sgmUniformSigmas },
} as const satisfies Record<string, ScheduleEntry>;

export type ScheduleId = keyof typeof SCHEDULES;

/** A schedule that says by itself what its sigmas are. */
export type ResolvedScheduleId = Exclude<ScheduleId, 'automatic'>;

export function isScheduleId(id: string): id is ScheduleId {
  return Object.hasOwn(SCHEDULES, id);
}

export function resolveSchedule(id: ScheduleId, samplerDefault: ResolvedScheduleId): ResolvedScheduleId {
  return id === 'automatic' ? samplerDefault : id;
}
