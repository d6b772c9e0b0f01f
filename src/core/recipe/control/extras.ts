/** Keys of a recipe that tell of its units. */
import { separateUnits } from './separate-keys';
import { wholeUnits } from './unit-fields';

const OF_CONTROL = /^ControlNet[ -]\d+( (picture|pictures|mask|region|pose))?$/;

/** What else a recipe has that means nothing here: its units are told anew. Keys of single fields tell none where whole units are told beside them. */
export function withoutControl(extras: Readonly<Record<string, string>>): Record<string, string> {
  const whole = wholeUnits(extras);
  const read = whole.length > 0 ? new Set(whole.map(({ key }) => key)) : separateUnits(extras).keys;
  return Object.fromEntries(Object.entries(extras).filter(([key]) => !OF_CONTROL.test(key) && !read.has(key)));
}
