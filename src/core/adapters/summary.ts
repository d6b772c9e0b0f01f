/** An adapter in a few words and numbers: for cards, and for the command line. */
import { roleOf } from '../networks';
import type { Adapter, AdapterWord } from './adapter';
import type { AdapterKindId } from './table';
import { mostFrequent } from './opened-adapter';
import type { ModelFamily } from '../families';

export interface AdapterSummary {
  kind: AdapterWord;
  family: ModelFamily | undefined;
  /** Layers that it changes. */
  modules: number;
  /** How many of each kind, where there are several. */
  kinds?: Partial<Record<AdapterKindId, number>>;
  /** Rank that most layers have. */
  rank?: number;
  alpha?: number;
  /** Whether a text encoder is changed. */
  textEncoder: boolean;
  /** Keys that match nothing. */
  unused: string[];
  alias?: string;
  title?: string;
  triggerWords: string[];
  embeddings?: readonly string[];
  notices?: readonly string[];
}

export function adapterSummary(adapter: Adapter): AdapterSummary {
  const layers = [...adapter.layers.values()];
  const counts = new Map<AdapterKindId, number>();
  for (const { kind } of layers) if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rank = mostFrequent(layers.map((layer) => layer.rank));
  const alpha = mostFrequent(layers.map((layer) => layer.alpha));
  const { alias, title, triggerWords } = adapter.facts;
  return {
    kind: adapter.kind,
    family: adapter.family,
    modules: layers.length,
    ...(counts.size > 1 && { kinds: Object.fromEntries(counts) }),
    ...(rank !== undefined && { rank }),
    ...(alpha !== undefined && { alpha }),
    textEncoder: layers.some(({ component }) => roleOf(component) === 'text'),
    unused: adapter.unused.map(({ key }) => key),
    ...(alias !== undefined && { alias }),
    ...(title !== undefined && { title }),
    triggerWords: triggerWords.map(({ word }) => word),
    ...(adapter.embeddings.length > 0 && { embeddings: adapter.embeddings }),
    ...(adapter.notices.length > 0 && { notices: adapter.notices }),
  };
}
