/** Choices that the library adds to: upscalers by their names. */

type Choices = Readonly<Record<string, { label: string }>>;

/**
 * The table's own keep their words, whatever a file is called. What is chosen stands there also where it is not here: a recipe may have
 * named it.
 */
export function withNames(choices: Choices, names: readonly string[], chosen: string): Choices {
  // twice: the first for their order
  const known = { ...choices, ...Object.fromEntries(names.map((name) => [name, { label: name }])), ...choices };
  return Object.hasOwn(known, chosen) ? known : { ...known, [chosen]: { label: `${chosen} (not here)` } };
}
