/** Keys with their values, as a notation has them. */
import { plainKey } from '../../recipe/infotext/key-names';
import type { Note } from '../../recipe/infotext';

export type Pairs = [key: string, value: unknown][] & { notes?: Note[] };

export const isPromptKey = (key: string): boolean => /^(?:positive )?prompts?$/.test(plainKey(key));

export const FIRST_TAKEN: Note = {
  key: 'Text',
  message: 'There are several prompts in this text: the first is taken.',
};
