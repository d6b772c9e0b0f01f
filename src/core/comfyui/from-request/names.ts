/** Samplers and schedules by the names that ComfyUI's KSampler has; undefined where it has none. */
import { findSampler } from '../../recipe/sampler-name';
import { findSchedule, type ScheduleId } from '../../schedules';
import type { SamplerId } from '../../samplers';
import { SAMPLER_NAMES, SCHEDULER_NAMES } from '../workflows/nodes/choices';

export const comfySampler = (id: SamplerId): string | undefined =>
  SAMPLER_NAMES.find((name) => name === id && findSampler(name) === id);

export const comfyScheduler = (id: ScheduleId): string | undefined =>
  SCHEDULER_NAMES.find((name) => findSchedule(name, 'comfyui') === id);
