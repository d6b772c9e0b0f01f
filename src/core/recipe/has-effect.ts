/** Which settings have an effect, with the sampler and the schedule that are chosen. */
import { fieldOf, type FieldId } from './request';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../samplers';
import { resolveSchedule, SCHEDULES, type ScheduleEntry, type ScheduleId } from '../schedules';

/** What decides it. */
export interface Choice {
  sampler: SamplerId;
  schedule: ScheduleId;
  /** It starts from a picture. */
  hasPicture?: boolean;
  /** There is a second pass. */
  hasHires?: boolean;
  /** The model paints one size alone: it has no second pass. */
  hasOneSize?: boolean;
}

const samplers: readonly SamplerEntry[] = Object.values(SAMPLERS);
const schedules: readonly ScheduleEntry[] = Object.values(SCHEDULES);

/** The ids that at least one entry names; all others have an effect with every one. */
const OF_SAMPLERS: ReadonlySet<string> = new Set(samplers.flatMap(({ options }) => Object.keys(options)));
const OF_SCHEDULES: ReadonlySet<string> = new Set(schedules.flatMap(({ options }) => options));

export function isHonoured(id: FieldId, choice: Choice): boolean {
  const { hasPicture = false, hasOneSize = false } = choice;
  const hasHires = choice.hasHires === true && !hasOneSize;
  if (id === 'denoisingStrength') return hasPicture || hasHires;
  if (fieldOf(id).group === 'picture') return hasPicture;
  if (fieldOf(id).group === 'hires') return hasHires || (id === 'hiresScale' && !hasOneSize);
  const sampler: SamplerEntry = SAMPLERS[choice.sampler];
  if (OF_SAMPLERS.has(id)) return Object.hasOwn(sampler.options, id);
  if (!OF_SCHEDULES.has(id)) return true;
  if (sampler.ownSigmas) return false;
  const schedule: ScheduleEntry = SCHEDULES[resolveSchedule(choice.schedule, sampler.defaultSchedule)];
  return schedule.options.some((option) => option === id);
}

/** A sentence for the schedule's control where what it shows is not the whole truth. */
export function scheduleNote(choice: Choice): string | undefined {
  const { ownSigmas, label, defaultSchedule }: SamplerEntry = SAMPLERS[choice.sampler];
  if (ownSigmas) return `${label} has sigmas of its own: the schedule type changes nothing.`;
  return choice.schedule === 'automatic' ? `With ${label}: ${SCHEDULES[defaultSchedule].label}.` : undefined;
}

/** A sentence for the steps' control where the sampler does not keep to the number. */
export function stepsNote({ sampler }: Pick<Choice, 'sampler'>): string | undefined {
  const { label, modelCalls }: SamplerEntry = SAMPLERS[sampler];
  return modelCalls(1) === undefined ? `${label} decides by itself how many it takes.` : undefined;
}
