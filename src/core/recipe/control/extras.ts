/** Keys of a recipe that tell of its units. */
const OF_CONTROL = /^ControlNet[ -]\d+( (picture|pictures|mask|region|pose))?$/;

/** What else a recipe has that means nothing here: its units are told anew. */
export const withoutControl = (extras: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(extras).filter(([key]) => !OF_CONTROL.test(key)));
