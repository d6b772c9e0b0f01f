/** What an address leads to, before anything of it is listed. */
import type { ModelEntry } from './catalog';

export interface ModelChoice {
  /** Name that the place itself has for it: a file's, a version's. */
  name: string;
  /** Undefined where nobody says. */
  byteLength?: number;
  /** The entry that would be listed. */
  entry?: ModelEntry;
  /** Why it cannot be used, in one sentence; there is no entry then. */
  problem?: string;
}

export interface FoundModels {
  /** "Lykon/dreamshaper-8 on Hugging Face". */
  title: string;
  /** Somebody's list, which is taken as a whole. */
  isCatalogue?: boolean;
  /** What can be used comes first. */
  choices: ModelChoice[];
}
