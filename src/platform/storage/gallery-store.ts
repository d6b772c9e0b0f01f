/**
 * Finished pictures in IndexedDB: facts, files and thumbnails in three object stores of one database, so that lists read
 * no bytes of pictures. Each picture is one transaction: a crash leaves all of it or nothing.
 */
import { asked, openDatabase, whenDone, whenRead } from './database';

const NAME = 'gesso-gallery';
const STORES = ['facts', 'files', 'thumbnails'] as const;
/** Ids looked at together while listing: a page of facts takes some 20 ms. */
const PAGE = 500;

type Kept<Facts> = Facts & { id: number };

export interface NewPicture<Facts> {
  facts: Facts;
  file: Blob;
  thumbnail: Blob;
}

/** Facts are plain data; ids grow with time and are never used twice. */
export interface PictureStore<Facts> {
  list(onPage: (pictures: Kept<Facts>[]) => void): Promise<void>;
  /** @throws AppError 'quota' where there is no room; nothing of the picture is kept then */
  add(picture: NewPicture<Facts>): Promise<number>;
  file(id: number): Promise<Blob | undefined>;
  thumbnail(id: number): Promise<Blob | undefined>;
  update(ids: readonly number[], change: Partial<Facts>): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}

function upgrade(database: IDBDatabase): void {
  database.createObjectStore('facts', { keyPath: 'id', autoIncrement: true });
  database.createObjectStore('files');
  database.createObjectStore('thumbnails');
}

export function createGalleryStore<Facts extends object>(
  factory: () => IDBFactory = () => indexedDB,
): PictureStore<Facts> {
  const connect = openDatabase({ name: NAME, version: 1, upgrade, factory });

  async function begin(mode: IDBTransactionMode, stores: readonly string[] = STORES): Promise<IDBTransaction> {
    // Strict: what was said to be kept is on the disk, also after the power goes.
    return (await connect()).transaction(stores, mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
  }

  async function readBlob(store: 'files' | 'thumbnails', id: number): Promise<Blob | undefined> {
    const transaction = await begin('readonly', [store]);
    const value: unknown = await whenRead(transaction.objectStore(store).get(id));
    return value instanceof Blob ? value : undefined;
  }

  return {
    async list(onPage) {
      const newest = await whenRead(
        (await begin('readonly', ['facts'])).objectStore('facts').openKeyCursor(null, 'prev'),
      );
      for (let to = Number(newest?.key ?? 0); to > 0; to -= PAGE) {
        const range = IDBKeyRange.bound(Math.max(1, to - PAGE + 1), to);
        const page = await whenRead((await begin('readonly', ['facts'])).objectStore('facts').getAll(range));
        if (page.length > 0) onPage((page as Kept<Facts>[]).reverse());
      }
    },

    async add({ facts, file, thumbnail }) {
      const transaction = await begin('readwrite');
      const added = asked(() => transaction.objectStore('facts').add(facts));
      added.onsuccess = () => {
        transaction.objectStore('files').add(file, added.result);
        transaction.objectStore('thumbnails').add(thumbnail, added.result);
      };
      await whenDone(transaction);
      return Number(added.result);
    },

    file: (id) => readBlob('files', id),
    thumbnail: (id) => readBlob('thumbnails', id),

    async update(ids, change) {
      const transaction = await begin('readwrite', ['facts']);
      const store = transaction.objectStore('facts');
      for (const id of ids) {
        const read = store.get(id);
        read.onsuccess = () => {
          const facts: unknown = read.result;
          if (typeof facts === 'object' && facts !== null) store.put({ ...facts, ...change, id });
        };
      }
      await whenDone(transaction);
    },

    async remove(ids) {
      const transaction = await begin('readwrite');
      for (const store of STORES) for (const id of ids) transaction.objectStore(store).delete(id);
      await whenDone(transaction);
    },
  };
}
