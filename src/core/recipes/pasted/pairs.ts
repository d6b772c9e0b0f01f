/** Keys with their values, as a notation has them. */
import { plainKey } from '../../recipe/infotext/key-names';
import type { Note } from '../../recipe/infotext';

export type Pairs = [key: string, value: unknown][] & { notes?: Note[] };

export const isPromptKey = (key: string): boolean => /^(?:positive )?prompts?$/.test(plainKey(key));

/** Up to the second prompt, which is told. */
export function firstOf(all: Pairs): Pairs {
  const next = all.findIndex(([key], i) => isPromptKey(key) && all.slice(0, i).some(([known]) => known === key));
  const pairs: Pairs = next < 0 ? all : all.slice(0, next);
  if (next >= 0) pairs.notes = [FIRST_TAKEN];
  return pairs;
}

export const FIRST_TAKEN: Note = {
  key: 'Text',
  message: 'There are several prompts in this text: the first is taken.',
};
