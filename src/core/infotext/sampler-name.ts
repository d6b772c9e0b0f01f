/** A sampler with its schedule as infotexts name them: old ones in one word, "DPM++ 2M Karras". */
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../samplers';
import { findSchedule, SCHEDULES, type ScheduleEntry, type ScheduleId } from '../schedules';

const samplers = Object.entries(SAMPLERS) as [SamplerId, SamplerEntry][];
const schedules = Object.entries(SCHEDULES) as [ScheduleId, ScheduleEntry][];

/** An id, a label of A1111 or Forge, or an alias, whatever the case. */
export function findSampler(name: string): SamplerId | undefined {
  const wanted = name.trim().toLowerCase();
  return samplers.find(([id, { label, aliases }]) =>
    [id, label, ...aliases].some((word) => word.toLowerCase() === wanted),
  )?.[0];
}

export interface SamplerName {
  /** Undefined where nobody knows it. */
  sampler: SamplerId | undefined;
  /** The schedule at the end of the name. */
  schedule: ScheduleId | undefined;
}

/** @see A1111 modules/sd_samplers.py, get_sampler_and_scheduler: the whole name is not tried first, only the label is cut off */
export function readSamplerName(name: string): SamplerName {
  const whole = findSampler(name);
  if (whole) return { sampler: whole, schedule: undefined };
  for (const [id, { label, aliases }] of schedules) {
    const words = [label, id, ...aliases].map((word) => ` ${word}`);
    const ending = words.find((word) => name.toLowerCase().endsWith(word.toLowerCase()));
    if (ending) return { sampler: findSampler(name.slice(0, -ending.length)), schedule: id };
  }
  return { sampler: undefined, schedule: undefined };
}

/** "Automatic" and no other schedule where the sampler has none of its own. */
export function scheduleLabel(schedule: ScheduleId, sampler: SamplerId | undefined): string {
  return SCHEDULES[namedSchedule(schedule, sampler)].label;
}

/**
 * As A1111 writes it: what "Automatic" stands for, where the sampler likes one of A1111's own (Karras, Exponential).
 */
export function namedSchedule(schedule: ScheduleId, sampler: SamplerId | undefined): ScheduleId {
  if (schedule !== 'automatic' || sampler === undefined) return schedule;
  const own = SAMPLERS[sampler].defaultSchedule;
  return own === 'karras' || own === 'exponential' ? own : 'automatic';
}

export { findSchedule };
