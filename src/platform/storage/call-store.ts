/** Model calls of unfinished pictures in IndexedDB: a few pictures at most, the oldest go first. */
import type { CallStore, ModelCall } from '../../engine/ports';
import { openDatabase, whenDone, whenRead } from './database';

const NAME = 'gesso-unfinished';
/** A picture cancelled or cut off that nobody goes on with by then is not taken up again. */
const MOST_PICTURES = 3;

interface Header {
  key: string;
  at: number;
}

function upgrade(database: IDBDatabase): void {
  database.createObjectStore('pictures', { keyPath: 'key' });
  database.createObjectStore('calls');
}

/** @param now milliseconds since 1970 */
export function createCallStore(
  factory: () => IDBFactory = () => indexedDB,
  now: () => number = () => Date.now(),
): CallStore {
  const connect = openDatabase({ name: NAME, version: 1, upgrade, factory });
  const begin = async (mode: IDBTransactionMode): Promise<IDBTransaction> =>
    (await connect()).transaction(['pictures', 'calls'], mode);
  const callsOf = (key: string, from = 0): IDBKeyRange => IDBKeyRange.bound([key, from], [key, Infinity]);

  function forget(transaction: IDBTransaction, key: string): void {
    transaction.objectStore('pictures').delete(key);
    transaction.objectStore('calls').delete(callsOf(key));
  }

  return {
    async read(key) {
      const transaction = await begin('readonly');
      return (await whenRead(transaction.objectStore('calls').getAll(callsOf(key)))) as ModelCall[];
    },

    async write(key, from, calls) {
      const transaction = await begin('readwrite');
      const pictures = transaction.objectStore('pictures');
      const store = transaction.objectStore('calls');
      pictures.put({ key, at: now() } satisfies Header);
      store.delete(callsOf(key, from));
      calls.forEach((call, i) => store.put(call, [key, from + i]));
      const all = pictures.getAll();
      all.onsuccess = () => {
        const newestFirst = (all.result as Header[]).sort((a, b) => b.at - a.at);
        for (const old of newestFirst.slice(MOST_PICTURES)) forget(transaction, old.key);
      };
      await whenDone(transaction);
    },

    async remove(key) {
      const transaction = await begin('readwrite');
      forget(transaction, key);
      await whenDone(transaction);
    },
  };
}
