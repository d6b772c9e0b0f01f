/** A choice by a word of anybody's: apart from FIELDS, which the page holds from the start. */
import { SAMPLERS } from '../samplers';
import { findSchedule, SCHEDULES } from '../schedules';
import type { ChoiceField } from './field';
import { findSampler } from './sampler-name';

type Find = (word: string) => string | undefined;

/** By the table of choices. */
const FINDERS: ReadonlyMap<object, Find> = new Map<object, Find>([
  [SAMPLERS, findSampler],
  [SCHEDULES, (word) => findSchedule(word)],
]);

/** Samplers and schedules have many names; other choices are known by their ids alone. */
export function findChoice({ choices }: Pick<ChoiceField, 'choices'>, word: string): string | undefined {
  const find = FINDERS.get(choices);
  if (find) return find(word);
  return Object.hasOwn(choices, word) ? word : undefined;
}
