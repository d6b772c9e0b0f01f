/** The ways of storing that a person chooses from, and what a model comes to in each. */
import type { DtypePlanId } from '../packs';
import type { ModelFamily } from '../families/family';
import type { ModelEntry } from './catalog';

export const STORED_AS = {
  q8: { label: '8 bits (recommended)' },
  q4: { label: '4 bits (smallest)' },
  float16: { label: 'Half precision (exact)' },
} as const satisfies Partial<Record<DtypePlanId, { label: string }>>;

export type StoredAs = keyof typeof STORED_AS;

export const isStoredAs = (id: unknown): id is StoredAs => typeof id === 'string' && Object.hasOwn(STORED_AS, id);

interface Megabytes {
  /** Of the pack. */
  stored: number;
  /** On a GPU with 16-bit floats, to paint: packed matrices as they are, all else widened. */
  loaded: number;
}

/** From the published shapes: tools/fullsize/pack-sizes.ts, whose test compares. The starter is built in. */
const MEGABYTES: Readonly<Partial<Record<ModelFamily, Record<StoredAs, Megabytes>>>> = {
  sd15: {
    q8: { stored: 1117, loaded: 1733 },
    q4: { stored: 984, loaded: 1599 },
    float16: { stored: 2134, loaded: 2065 },
  },
  sd21: {
    q8: { stored: 1355, loaded: 1983 },
    q4: { stored: 1218, loaded: 1846 },
    float16: { stored: 2582, loaded: 2512 },
  },
  sdxl: {
    q8: { stored: 3678, loaded: 4124 },
    q4: { stored: 2574, loaded: 3020 },
    float16: { stored: 6943, loaded: 6870 },
  },
};

/** The entry as it is to be imported; packs, ready-made graphs and helpers are kept as they are published. */
export function storedAs(entry: ModelEntry, plan: StoredAs): ModelEntry {
  const { source, role, family } = entry;
  if (role || (source.kind !== 'hub' && source.kind !== 'url')) return entry;
  const sizes = family && MEGABYTES[family];
  if (!sizes) return { ...entry, plan };
  const { needs, plan: before } = entry;
  // What the entry says of the GPU's memory is for its own plan.
  const more = isStoredAs(before) ? (sizes[plan].loaded - sizes[before].loaded) * 1e6 : 0;
  return {
    ...{ ...entry, plan, storedBytes: sizes[plan].stored * 1e6 },
    ...(needs && { needs: needs.gpuBytes === undefined ? needs : { ...needs, gpuBytes: needs.gpuBytes + more } }),
  };
}
