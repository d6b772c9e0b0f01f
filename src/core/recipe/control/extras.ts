/** Keys of a recipe that tell of its units. */
import { isSeparateKey } from './separate-keys';

const OF_CONTROL = /^ControlNet[ -]\d+( (picture|pictures|mask|region|pose))?$/;
const WHOLE = /^ControlNet[ -]\d+$/;

/** What else a recipe has that means nothing here: its units are told anew. Keys of single fields tell none where whole units are told beside them. */
export function withoutControl(extras: Readonly<Record<string, string>>): Record<string, string> {
  const keys = Object.keys(extras);
  const areSeparate = !keys.some((key) => WHOLE.test(key));
  const isTold = (key: string): boolean => OF_CONTROL.test(key) || (areSeparate && isSeparateKey(key));
  return Object.fromEntries(Object.entries(extras).filter(([key]) => !isTold(key)));
}
