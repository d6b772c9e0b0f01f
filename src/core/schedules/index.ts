/** Which noise levels a run visits. The picker, the request's validation and the tests iterate SCHEDULES. */
import { SCHEDULES, type ResolvedScheduleId, type ScheduleId } from './table';

export { buildSigmas, withoutPenultimate, type SigmaPlan } from './build-sigmas';
export { createDiscreteSchedule, type DiscreteOptions, type DiscreteSchedule } from './discrete';
export { findSchedule } from './find-schedule';
export { lcmSchedule } from './lcm';
export { readNoiseScheduleConfig, type NoiseScheduleConfig } from './noise-schedule-config';
export type { ScheduleEntry } from './schedule';
export type { OptimisedFor, ScheduleOptions } from './schedule-options';
export { SCHEDULES, type ResolvedScheduleId, type ScheduleId } from './table';
export type { Conventions } from './trained-sigmas';

export function isScheduleId(id: string): id is ScheduleId {
  return Object.hasOwn(SCHEDULES, id);
}

export function resolveSchedule(id: ScheduleId, samplerDefault: ResolvedScheduleId): ResolvedScheduleId {
  return id === 'automatic' ? samplerDefault : id;
}
