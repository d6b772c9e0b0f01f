/** What a schedule is called where the sampler decides it. */
import { SAMPLERS, type SamplerId } from '../samplers';
import { SCHEDULES, type ScheduleId } from '../schedules';

/** "Automatic" and no other schedule where the sampler has none of its own. */
export function scheduleLabel(schedule: ScheduleId, sampler: SamplerId | undefined): string {
  return SCHEDULES[namedSchedule(schedule, sampler)].label;
}

/**
 * As A1111 writes it: what "Automatic" stands for, where the sampler likes one of A1111's own (Karras, Exponential).
 */
export function namedSchedule(schedule: ScheduleId, sampler: SamplerId | undefined): ScheduleId {
  if (schedule !== 'automatic' || sampler === undefined || !Object.hasOwn(SAMPLERS, sampler)) return schedule;
  const own = SAMPLERS[sampler].defaultSchedule;
  return own === 'karras' || own === 'exponential' ? own : 'automatic';
}
