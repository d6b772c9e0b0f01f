/** What one tab does to the gallery, told to the others: each shows the same pictures. */
import type { GalleryStore } from './gallery-store';
import type { Picture } from '../pictures/picture';

/** Plain data, as it crosses from tab to tab. */
export type GalleryNews =
  | { type: 'added'; picture: Picture }
  | { type: 'changed'; ids: readonly number[]; change: Partial<Omit<Picture, 'id'>> }
  | { type: 'removed'; ids: readonly number[] };

/** The same store, which tells of each change once it is kept. */
export function tellingStore<Store extends GalleryStore>(store: Store, tell: (news: GalleryNews) => void): Store {
  return {
    ...store,
    async add(picture, beside) {
      const id = await store.add(picture, beside);
      tell({ type: 'added', picture: { ...picture.facts, id } });
      return id;
    },
    async update(ids, change) {
      await store.update(ids, change);
      if (ids.length > 0) tell({ type: 'changed', ids, change });
    },
    async remove(ids) {
      await store.remove(ids);
      if (ids.length > 0) tell({ type: 'removed', ids });
    },
  };
}
