/** What there is to know of a program's JSON besides what all have in common. */
import type { Bag } from '../json-pairs';
import type { Draft } from './draft';

/** Reads a value; `keys` are the program's, as plainKey writes them. */
export type Reader = (value: unknown, draft: Draft, keys: ReadonlyMap<string, unknown>) => void;

export interface Program {
  name: string;
  /** More than one key tells it. */
  isIts(json: Bag): boolean;
  /** All settings side by side, where they are not. */
  flatten?(json: Bag): Bag;
  /** Keys that mean something else than in A1111, as plainKey writes them. */
  keys?: Readonly<Record<string, Reader>>;
  /** Keys that say nothing about the picture. */
  ignored?: readonly string[];
  /** Its settings are copied without prompts, too. */
  hasNoPrompt?: boolean;
  /** The program paints with ComfyUI. */
  isComfy?: boolean;
}

/** A key that belongs to another one, which reads both. */
export const readElsewhere: Reader = () => undefined;
