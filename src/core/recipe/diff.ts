/** What would change if a recipe were applied, one line each, to be taken in parts. */
import { ADVANCED, type AdvancedId, type Setting } from './advanced';
import { NOISES, type NoiseId } from '../noise';
import { LIMITS, withDefaults, type GenerationRequest, type NumberField, type SizeLimits } from './request';
import { SAMPLERS, type SamplerId } from '../samplers';
import { resolveSchedule, SCHEDULES, type ScheduleId } from '../schedules';
import type { Note, Recipe } from './recipe';
import { recipeSettings } from './settings';

export type ChangedField = Exclude<keyof GenerationRequest, 'model'>;

export interface Change {
  field: ChangedField;
  /** The control's word. */
  label: string;
  /** For people. */
  from: string;
  to: string;
  /** What the field would hold; undefined: the sampler's own. */
  value: unknown;
}

export interface RecipeDiff {
  changes: Change[];
  notes: Note[];
}

/** In the order of the page: prompts, sampler and its numbers, then the advanced settings. */
export function diffRecipe(current: GenerationRequest, recipe: Recipe, size?: SizeLimits): RecipeDiff {
  const { settings, notes } = recipeSettings(recipe, size);
  const now: Record<string, unknown> = { ...withDefaults(current) };
  const changes = Object.entries(settings)
    .filter(([field, value]) => now[field] !== value && !isSameSchedule(field, current, settings))
    .map(([field, value]): Change => {
      const id = field as ChangedField;
      return { field: id, label: labelOf(id), from: sayValue(id, now[field]), to: sayValue(id, value), value };
    });
  return { changes, notes };
}

/** The settings with these changes made; what would be the default is left out, as a request has it. */
export function applyChanges(current: GenerationRequest, changes: readonly Change[]): GenerationRequest {
  return { ...current, ...Object.fromEntries(changes.map(({ field, value }) => [field, value])) };
}

/** "Automatic" and its name are one schedule while the sampler stays. */
function isSameSchedule(field: string, current: GenerationRequest, settings: Partial<GenerationRequest>): boolean {
  if (field !== 'schedule' || !settings.schedule) return false;
  const before = SAMPLERS[current.sampler].defaultSchedule;
  const after = SAMPLERS[settings.sampler ?? current.sampler].defaultSchedule;
  return before === after && resolveSchedule(current.schedule, before) === resolveSchedule(settings.schedule, after);
}

const LABELS: Partial<Record<ChangedField, string>> = {
  prompt: 'Prompt',
  negativePrompt: 'Negative prompt',
  sampler: 'Sampler',
  schedule: 'Schedule type',
  noise: 'Noise',
};

function labelOf(field: ChangedField): string {
  return (
    LABELS[field] ?? (Object.hasOwn(LIMITS, field) ? LIMITS[field as NumberField] : ADVANCED[field as AdvancedId]).label
  );
}

function sayValue(field: ChangedField, value: unknown): string {
  if (field === 'sampler') return SAMPLERS[value as SamplerId].label;
  if (field === 'schedule') return SCHEDULES[value as ScheduleId].label;
  if (field === 'noise') return NOISES[value as NoiseId].label;
  const setting: Setting | undefined = Object.hasOwn(ADVANCED, field) ? ADVANCED[field as AdvancedId] : undefined;
  if (setting?.kind === 'choice') return setting.choices[String(value)].label;
  if (setting?.kind === 'flag') return value === true ? 'on' : 'off';
  return value === undefined ? 'as the sampler likes' : String(value);
}
