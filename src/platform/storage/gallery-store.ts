/**
 * Finished pictures in IndexedDB: facts, files and thumbnails in three object stores of one database, so that lists read
 * no bytes of pictures. Each picture is one transaction: a crash leaves all of it or nothing. A fourth store has what changes
 * with them: the line of those that wait, and the form.
 */
import { createBlobKeeper } from './kept-blobs';
import { asked, openDatabase, whenDone, whenRead } from './database';
import { toStorageError } from './quota';

const NAME = 'gesso-gallery';
const STORES = ['facts', 'files', 'thumbnails'] as const;
/** Ids looked at together while listing: a page of facts takes some 20 ms. */
const PAGE = 500;

/** Milliseconds since 1970. */
type Dated = Record<string, unknown> & { at: number };

type Kept<Facts> = Facts & { id: number };

export interface NewPicture<Facts> {
  facts: Facts;
  file: Blob;
  thumbnail: Blob;
}

/** Facts are plain data; ids grow with time and are never used twice. */
export interface PictureStore<Facts> {
  list(onPage: (pictures: Kept<Facts>[]) => void): Promise<void>;
  /**
   * @param beside  written in the same transaction, when the picture's id is known: a name and its value
   * @throws AppError 'quota' where there is no room; nothing of the picture is kept then
   */
  add(picture: NewPicture<Facts>, beside?: (id: number) => readonly [string, unknown]): Promise<number>;
  file(id: number): Promise<Blob | undefined>;
  thumbnail(id: number): Promise<Blob | undefined>;
  update(ids: readonly number[], change: Partial<Facts>): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
  readState(name: string): Promise<unknown>;
  /** An older value, by its `at`, never takes the place of a newer one: transactions may come in another order than their makers. */
  writeState(name: string, value: Dated): Promise<void>;
  /**
   * Several values in one transaction.
   *
   * @param take  is given what is there under this name, and gives what is to be written; nothing where it gives nothing
   */
  moveState(
    name: string,
    take: (value: unknown) => readonly (readonly [name: string, value: unknown])[] | undefined,
  ): Promise<void>;
}

function upgrade(database: IDBDatabase, from: number): void {
  if (from < 2) database.createObjectStore('state');
  if (from >= 1) return;
  database.createObjectStore('facts', { keyPath: 'id', autoIncrement: true });
  database.createObjectStore('files');
  database.createObjectStore('thumbnails');
}

/** @param onFleeting once, where it is seen that all of it goes with the window */
export function createGalleryStore<Facts extends object>(
  factory: () => IDBFactory = () => indexedDB,
  onFleeting?: () => void,
): PictureStore<Facts> {
  const blobs = createBlobKeeper(onFleeting);
  const connect = openDatabase({ name: NAME, version: 2, upgrade, factory });

  async function begin(mode: IDBTransactionMode, stores: readonly string[] = STORES): Promise<IDBTransaction> {
    // Strict: what was said to be kept is on the disk, also after the power goes.
    return (await connect()).transaction(stores, mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
  }

  async function readBlob(store: 'files' | 'thumbnails', id: number): Promise<Blob | undefined> {
    const transaction = await begin('readonly', [store]);
    return blobs.read(await whenRead<unknown>(transaction.objectStore(store).get(id)));
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

    add: ({ facts, file, thumbnail }, beside) =>
      blobs.write([file, thumbnail], async (asKept) => {
        const transaction = await begin('readwrite', [...STORES, 'state']);
        let refusal: unknown;
        const added = asked(() => transaction.objectStore('facts').add(facts));
        added.onsuccess = () => {
          try {
            transaction.objectStore('files').add(asKept(file), added.result);
            transaction.objectStore('thumbnails').add(asKept(thumbnail), added.result);
          } catch (thrown) {
            refusal = thrown;
            return transaction.abort();
          }
          if (!beside) return;
          const [name, value] = beside(Number(added.result));
          transaction.objectStore('state').put(value, name);
        };
        await whenDone(transaction).catch((thrown: unknown) => {
          throw toStorageError(refusal ?? thrown);
        });
        return Number(added.result);
      }),

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

    async readState(name) {
      return whenRead((await begin('readonly', ['state'])).objectStore('state').get(name));
    },

    async writeState(name, value) {
      const transaction = await begin('readwrite', ['state']);
      const store = transaction.objectStore('state');
      const read = store.get(name);
      read.onsuccess = () => {
        const there = read.result as Dated | undefined;
        if (!there || there.at <= value.at) store.put(value, name);
      };
      await whenDone(transaction);
    },

    async moveState(name, take) {
      const transaction = await begin('readwrite', ['state']);
      const store = transaction.objectStore('state');
      const read = store.get(name);
      read.onsuccess = () => {
        for (const [key, value] of take(read.result) ?? []) store.put(value, key);
      };
      await whenDone(transaction);
    },
  };
}
