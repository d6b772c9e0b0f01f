/** What would change if a recipe were applied, one line each, to be taken in parts. */
import { SAMPLERS } from '../samplers';
import { resolveSchedule } from '../schedules';
import type { SizeLimits } from './size-limits';
import { fieldOf, withDefaults, type FieldId, type GenerationRequest } from './request';
import { sayValue } from './say-value';
import type { Note, Recipe } from './recipe';
import { recipeSettings } from './settings';

export type ChangedField = FieldId;

export interface Change {
  field: ChangedField;
  /** The control's label. */
  label: string;
  /** The value before, in words for people. */
  from: string;
  to: string;
  /** What the field would hold; undefined: the sampler's own. */
  value: unknown;
}

export interface RecipeDiff {
  changes: Change[];
  notes: Note[];
}

/** Differences in the order of the page: prompts, sampler and its numbers, then the advanced settings. */
export function diffRecipe(current: GenerationRequest, recipe: Recipe, size?: SizeLimits): RecipeDiff {
  const { settings, notes } = recipeSettings(recipe, size);
  const now: Record<string, unknown> = { ...withDefaults(current) };
  const changes = Object.entries(settings)
    .filter(([field, value]) => now[field] !== value && !isSameSchedule(field, current, settings))
    .map(([field, value]): Change => {
      const id = field as ChangedField;
      return { field: id, label: fieldOf(id).label, from: sayValue(id, now[field]), to: sayValue(id, value), value };
    });
  return { changes, notes };
}

/** "Automatic" and its name are one schedule while the sampler stays. */
function isSameSchedule(field: string, current: GenerationRequest, settings: Partial<GenerationRequest>): boolean {
  if (field !== 'schedule' || !settings.schedule) return false;
  const before = SAMPLERS[current.sampler].defaultSchedule;
  const after = SAMPLERS[settings.sampler ?? current.sampler].defaultSchedule;
  return before === after && resolveSchedule(current.schedule, before) === resolveSchedule(settings.schedule, after);
}
