/** LoRAs and embeddings on this computer: each file as it came, in IndexedDB (`gesso-adapters`), with what is known of it. */
import { AppError } from '../../core/errors';
import { keptShape, type Kept } from '../../core/recipe/kept';
import type { StoredAdapter } from '../../engine/library-api';
import { toBlob } from './kept-blobs';
import { createKeyValue, type KeyValue } from './key-value';

export interface AdapterStore {
  /** All adapters, in the order they came. */
  list(): Promise<StoredAdapter[]>;
  /** Wholly or not at all. @throws AppError 'quota' */
  put(facts: StoredAdapter, file: Blob, preview?: Blob): Promise<void>;
  /** Changes what is known of one; its file stays. */
  update(facts: StoredAdapter, preview?: Blob): Promise<void>;
  /** Nothing where it is not here. */
  delete(id: string): Promise<void>;
  /** @throws AppError 'missing-file' */
  file(id: string): Promise<Blob>;
  preview(id: string): Promise<Blob | undefined>;
}

const KEPT_ADAPTERS = keptShape();

const factsKey = (id: string): string => `facts:${id}`;
const fileKey = (id: string): string => `file:${id}`;
const previewKey = (id: string): string => `preview:${id}`;

export function createAdapterStore(values: KeyValue = createKeyValue('gesso-adapters')): AdapterStore {
  const kept = (facts: StoredAdapter, preview: Blob | undefined) =>
    [[factsKey(facts.id), KEPT_ADAPTERS.stamp(facts)], ...(preview ? [[previewKey(facts.id), preview]] : [])] as [
      string,
      unknown,
    ][];
  return {
    async list() {
      const found = await Promise.all((await values.keys('facts:')).map((key) => values.get<Kept>(key)));
      const all = found.flatMap((one) => (one ? [KEPT_ADAPTERS.open(one) as unknown as StoredAdapter] : []));
      return all.sort((a, b) => a.addedAt - b.addedAt);
    },
    put: (facts, file, preview) => values.change([...kept(facts, preview), [fileKey(facts.id), file]]),
    update: (facts, preview) => values.change(kept(facts, preview)),
    delete: (id) => values.change([], [factsKey(id), fileKey(id), previewKey(id)]),
    async file(id) {
      const file = toBlob(await values.get(fileKey(id)));
      if (file) return file;
      throw new AppError('missing-file', 'The file of this LoRA is gone: remove it and add it again.');
    },
    preview: async (id) => toBlob(await values.get(previewKey(id))),
  };
}
