/** Choices that the library adds to: upscalers by their names. */

type Choices = Readonly<Record<string, { label: string }>>;

/** What is chosen stands there also where it is not here: a recipe may have named it. */
export function withNames(choices: Choices, names: readonly string[], chosen: string): Choices {
  const known = { ...choices, ...Object.fromEntries(names.map((name) => [name, { label: name }])) };
  return Object.hasOwn(known, chosen) ? known : { ...known, [chosen]: { label: `${chosen} (not here)` } };
}
