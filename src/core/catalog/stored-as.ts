/** The ways of storing that a person chooses from, and what a model comes to in each. */
import { familyOf, type StoredAs } from '../families';
import type { ModelEntry } from './catalog';

export const STORED_AS = {
  q8: { label: '8 bits (recommended)' },
  q4: { label: '4 bits' },
  smallest: { label: 'Smallest (4 to 8 bits)' },
  float16: { label: 'Half precision (exact)' },
} as const satisfies Record<StoredAs, { label: string }>;

export const isStoredAs = (id: unknown): id is StoredAs => typeof id === 'string' && Object.hasOwn(STORED_AS, id);

/** The entry as it is to be imported; packs, ready-made graphs and helpers are kept as they are published. */
export function storedAs(entry: ModelEntry, plan: StoredAs): ModelEntry {
  const { source, role, family } = entry;
  if (role || (source.kind !== 'hub' && source.kind !== 'url')) return entry;
  const sizes = family && familyOf(family).megabytes;
  if (!sizes) return { ...entry, plan };
  const { needs, plan: before } = entry;
  // What the entry says of the GPU's memory is for its own plan.
  const more = isStoredAs(before) ? (sizes[plan].loaded - sizes[before].loaded) * 1e6 : 0;
  return {
    ...{ ...entry, plan, storedBytes: sizes[plan].stored * 1e6 },
    ...(needs && { needs: needs.gpuBytes === undefined ? needs : { ...needs, gpuBytes: needs.gpuBytes + more } }),
  };
}
