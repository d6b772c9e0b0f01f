/** IndexedDB as promises: one connection that is opened when it is needed, and errors in the app's own words. */
import { toStorageError } from './quota';

interface DatabaseOptions {
  name: string;
  version: number;
  /** Makes the object stores that a database of version `from` lacks; 0 where there is none yet. */
  upgrade: (database: IDBDatabase, from: number) => void;
  factory: () => IDBFactory;
}

/** @returns the connection, opened at the first call and again where the browser has closed it */
export function openDatabase({ name, version, upgrade, factory }: DatabaseOptions): () => Promise<IDBDatabase> {
  let open: Promise<IDBDatabase> | undefined;
  const forget = (): void => void (open = undefined);

  async function connect(): Promise<IDBDatabase> {
    const request = factory().open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
    const database = await whenRead(request);
    database.onclose = forget;
    // Another tab has a newer version of the app: it must not wait for this one.
    database.onversionchange = () => {
      database.close();
      forget();
    };
    return database;
  }

  return () => {
    open ??= connect().catch((thrown: unknown) => {
      forget();
      throw toStorageError(thrown);
    });
    return open;
  };
}

/** A request that the browser may refuse at once. @throws AppError 'quota' or 'internal' */
export function asked<T>(ask: () => IDBRequest<T>): IDBRequest<T> {
  try {
    return ask();
  } catch (thrown) {
    throw toStorageError(thrown);
  }
}

/** @throws AppError 'quota' or 'internal' */
export function whenRead<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(toStorageError(request.error));
  });
}

/** When all of it is on the disk. @throws AppError 'quota' or 'internal'; then none of it is */
export function whenDone(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(toStorageError(transaction.error));
  });
}
