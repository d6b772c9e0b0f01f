/** Keys and values in IndexedDB, with changes that happen wholly or not at all. */
import { createStore, get, keys } from 'idb-keyval';
import { whenDone } from './database';
import { createBlobKeeper } from './kept-blobs';
import { toStorageError } from './quota';

export interface KeyValue {
  /** The value as it was put; in the place of a Blob may be its bytes: see kept-blobs.ts. */
  get<T>(key: string): Promise<T | undefined>;
  keys(prefix?: string): Promise<string[]>;
  /** One transaction. @throws AppError 'quota' where there is no room; nothing has changed then */
  change(puts: readonly (readonly [key: string, value: unknown])[], deletes?: readonly string[]): Promise<void>;
}

/** @param name of the database: each has one store, as idb-keyval makes them */
export function createKeyValue(name: string): KeyValue {
  const store = createStore(name, 'values');
  const blobs = createBlobKeeper();
  const fail = (thrown: unknown): never => {
    throw toStorageError(thrown);
  };
  return {
    get: (key) => get(key, store).catch(fail),
    async keys(prefix = '') {
      const all = await keys<string>(store).catch(fail);
      return all.filter((key) => key.startsWith(prefix));
    },
    change: (puts, deletes = []) =>
      blobs
        .write(
          puts.flatMap(([, value]) => (value instanceof Blob ? [value] : [])),
          (asKept) =>
            store('readwrite', (values) => {
              try {
                for (const key of deletes) values.delete(key);
                for (const [key, value] of puts) values.put(value instanceof Blob ? asKept(value) : value, key);
              } catch (refusal) {
                values.transaction.abort();
                throw refusal;
              }
              return whenDone(values.transaction);
            }),
        )
        .catch(fail),
  };
}
