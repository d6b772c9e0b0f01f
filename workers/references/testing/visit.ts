/**
 * What the app has kept on somebody's computer, as plain JSON: whole databases and localStorage, of no version of the app in
 * particular. Both functions are handed to a page as text and must not use anything around them.
 */

/** A Blob is { $blob, type }, bytes are { $bytes }: base64. */
type Json = unknown;

interface KeptStore {
  name: string;
  keyPath: string | null;
  autoIncrement: boolean;
  keys: Json[];
  values: Json[];
}

export interface Visit {
  databases: { name: string; version: number; stores: KeptStore[] }[];
  local: Record<string, string>;
}

/** All that this origin keeps. */
export async function keepVisit(): Promise<Visit> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no reason given'));
    });
  const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const toJson = async (value: unknown): Promise<Json> => {
    if (value instanceof Blob) return { $blob: base64(new Uint8Array(await value.arrayBuffer())), type: value.type };
    if (value instanceof ArrayBuffer) return { $bytes: base64(new Uint8Array(value)) };
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      return { $bytes: base64(new Uint8Array(buffer, byteOffset, byteLength)), view: value.constructor.name };
    }
    if (Array.isArray(value)) return Promise.all(value.map(toJson));
    if (typeof value !== 'object' || value === null) return value;
    const entries = await Promise.all(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(async ([key, inner]) => [key, await toJson(inner)] as const),
    );
    return Object.fromEntries(entries);
  };
  const databases: Visit['databases'] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const stores: KeptStore[] = [];
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction([storeName]).objectStore(storeName);
      const { keyPath, autoIncrement } = store;
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      stores.push({
        name: storeName,
        keyPath: typeof keyPath === 'string' ? keyPath : null,
        autoIncrement,
        keys,
        values: await Promise.all(values.map(toJson)),
      });
    }
    databases.push({ name, version: database.version, stores });
    database.close();
  }
  return { databases, local: { ...localStorage } };
}

/** Makes the databases as they were, where there are none yet. */
export async function restoreVisit({ databases, local }: Visit): Promise<void> {
  const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const fromJson = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fromJson);
    if (typeof value !== 'object' || value === null) return value;
    const { $blob, $bytes, type, view } = value as Record<string, string | undefined>;
    if ($blob !== undefined) return new Blob([bytesOf($blob)], { type });
    if ($bytes !== undefined) {
      const { buffer } = bytesOf($bytes);
      if (view === undefined) return buffer;
      const View = (globalThis as unknown as Record<string, new (bytes: ArrayBuffer) => unknown>)[view];
      return new View(buffer);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
  };
  for (const { name, version, stores } of databases)
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onerror = () => reject(request.error ?? new Error('no reason given'));
      request.onupgradeneeded = () => {
        for (const { name: store, keyPath, autoIncrement } of stores)
          request.result.createObjectStore(store, { ...(keyPath !== null && { keyPath }), autoIncrement });
      };
      request.onsuccess = () => {
        const database = request.result;
        const transaction = database.transaction(
          stores.map((store) => store.name),
          'readwrite',
        );
        for (const { name: store, keyPath, keys, values } of stores)
          values.forEach((value, i) => {
            if (keyPath === null) transaction.objectStore(store).put(fromJson(value), keys[i] as IDBValidKey);
            else transaction.objectStore(store).put(fromJson(value));
          });
        transaction.onabort = () => reject(transaction.error ?? new Error('no reason given'));
        transaction.oncomplete = () => {
          database.close();
          resolve();
        };
      };
    });
  if (typeof localStorage !== 'undefined')
    for (const [key, value] of Object.entries(local)) localStorage.setItem(key, value);
}
