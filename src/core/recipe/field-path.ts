/** Reading and setting the field of a recipe that a key names, one level deep at most: "steps", "hires.steps". */
import type { Recipe } from './recipe';

type Bag = Record<string, unknown>;

export function getField(recipe: Partial<Recipe>, path: string): unknown {
  const [section, field] = path.split('.');
  const bag = recipe as Bag;
  return field === undefined ? bag[section] : (bag[section] as Bag | undefined)?.[field];
}

export function setField(recipe: Partial<Recipe>, path: string, value: unknown): void {
  const [section, field] = path.split('.');
  const bag = recipe as Bag;
  if (field === undefined) bag[section] = value;
  else bag[section] = { ...(bag[section] as Bag | undefined), [field]: value };
}
