/** What an address leads to, before anything of it is listed. */
import type { ModelEntry } from './catalog';

export interface ModelChoice {
  /** As the place itself calls it: a file's name, a version's. */
  name: string;
  /** Undefined where nobody says. */
  byteLength?: number;
  /** What would be listed. */
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
