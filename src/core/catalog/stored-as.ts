/** The ways of storing that a person chooses from, and what a model comes to in each. */
import type { DtypePlanId, ModelFamily } from '../packs';
import type { ModelEntry } from './catalog';

export const STORED_AS = {
  q8: { label: '8 bits (recommended)' },
  q4: { label: '4 bits (smallest)' },
  float16: { label: 'Half precision (exact)' },
} as const satisfies Partial<Record<DtypePlanId, { label: string }>>;

export type StoredAs = keyof typeof STORED_AS;

export const isStoredAs = (id: unknown): id is StoredAs => typeof id === 'string' && Object.hasOwn(STORED_AS, id);

/** MB of a pack, from the published shapes (docs/benchmarks.md). The starter is built in. */
const MEGABYTES: Readonly<Partial<Record<ModelFamily, Record<StoredAs, number>>>> = {
  sd15: { q8: 1117, q4: 984, float16: 2134 },
  sd21: { q8: 1355, q4: 1218, float16: 2582 },
  sdxl: { q8: 3678, q4: 2574, float16: 6943 },
};

/** The entry as it is to be imported; packs, ready-made graphs and helpers are kept as they are published. */
export function storedAs(entry: ModelEntry, plan: StoredAs): ModelEntry {
  const { source, role, family } = entry;
  if (role || (source.kind !== 'hub' && source.kind !== 'url')) return entry;
  const megabytes = family && MEGABYTES[family]?.[plan];
  return { ...entry, plan, ...(megabytes !== undefined && { storedBytes: megabytes * 1e6 }) };
}
