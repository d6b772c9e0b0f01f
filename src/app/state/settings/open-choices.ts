/** Choices that the library adds to: upscalers by their names. */
import { checkpointTitle } from '../../../core/recipe/checkpoint';
import type { ChoiceField } from '../../../core/recipe/field';
import type { ModelLibrary } from '../library/library.svelte';

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

/** What of the library can be chosen; models are called as in recipes. */
export function namesOf(names: NonNullable<ChoiceField['names']>, library: ModelLibrary | undefined): string[] {
  if (!library) return [];
  if (names === 'models') return library.usable.map(({ id }) => checkpointTitle(library.modelFacts(id)));
  const files = { upscalers: library.upscalers, autoencoders: library.vaes, texts: library.texts };
  return files[names].map(({ name }) => name);
}
