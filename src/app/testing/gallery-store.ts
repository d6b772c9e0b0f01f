/** A gallery's store in memory, which can be told to refuse. */
import type { AppError } from '../../core/errors';
import type { FinishedPicture, GalleryStore } from '../state/gallery/gallery-store';

export interface MemoryGalleryStore extends GalleryStore {
  readonly kept: Map<number, FinishedPicture>;
  /** What `add` throws from now on; undefined: nothing. */
  refusal: AppError | undefined;
}

export function memoryGalleryStore(pictures: readonly FinishedPicture[] = []): MemoryGalleryStore {
  const kept = new Map(pictures.map((picture, i) => [i + 1, picture]));
  let lastId = kept.size;
  const store: MemoryGalleryStore = {
    kept,
    refusal: undefined,
    list(onPage) {
      const all = [...kept].map(([id, { facts }]) => ({ ...facts, id })).reverse();
      if (all.length > 0) onPage(all);
      return Promise.resolve();
    },
    add(picture) {
      if (store.refusal) return Promise.reject(store.refusal);
      lastId += 1;
      kept.set(lastId, picture);
      return Promise.resolve(lastId);
    },
    file: (id) => Promise.resolve(kept.get(id)?.file),
    thumbnail: (id) => Promise.resolve(kept.get(id)?.thumbnail),
    update(ids, change) {
      for (const id of ids) {
        const old = kept.get(id);
        if (old) kept.set(id, { ...old, facts: { ...old.facts, ...change } });
      }
      return Promise.resolve();
    },
    remove(ids) {
      for (const id of ids) kept.delete(id);
      return Promise.resolve();
    },
  };
  return store;
}
