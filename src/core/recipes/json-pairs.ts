/** JSON of other programs as pairs of an infotext, whose table then reads them. */
import type { Pair } from '../recipe/infotext/scan-pairs';

export type Bag = Record<string, unknown>;

export function asBag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined;
}

/** A copy that lacks these keys. */
export function without(bag: Bag, ...keys: readonly string[]): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => !keys.includes(key)));
}

/** Pairs without those that have no value. */
export function toPairs(values: readonly (readonly [key: string, value: unknown])[]): Pair[] {
  return values.flatMap(([key, value]) => {
    const text = toText(value);
    return text === undefined ? [] : [{ key, value: text }];
  });
}

/** A value as Python prints it. */
function toText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
