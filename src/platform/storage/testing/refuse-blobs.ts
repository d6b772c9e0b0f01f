/** IndexedDB as private windows of WebKit have it: whatever holds a Blob is refused, and bytes are taken. */
import { IDBObjectStore } from 'fake-indexeddb';
import { vi } from 'vitest';

const MESSAGES = {
  DataCloneError: 'Failed to store record in an IDBObjectStore: BlobURLs are not yet supported.',
  UnknownError: 'Error preparing Blob/File data to be stored in object store',
};

/** `DataCloneError` is thrown at once, by Safari; with `UnknownError` the request fails and its transaction with it, as in WebKitGTK. */
export type Refusal = keyof typeof MESSAGES;
export const REFUSALS = Object.keys(MESSAGES) as Refusal[];

/** What fake-indexeddb's own requests are made with. */
type Executing = IDBTransaction & {
  _execRequestAsync(request: { source: unknown; operation: () => never }): IDBRequest;
};

const holdsBlob = (value: unknown): boolean =>
  value instanceof Blob || (typeof value === 'object' && value !== null && Object.values(value).some(holdsBlob));

/** @returns how often it has refused; until `vi.restoreAllMocks()` */
export function refuseBlobs(refusal: Refusal): () => number {
  let times = 0;
  for (const method of ['put', 'add'] as const) {
    const original = IDBObjectStore.prototype[method];
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, value, key) {
      if (!holdsBlob(value)) return original.call(this, value, key);
      times += 1;
      const error = new DOMException(MESSAGES[refusal], refusal);
      if (refusal === 'DataCloneError') throw error;
      const transaction = this.transaction as unknown as Executing;
      // It keeps the name of an error alone; and a transaction has none before it is aborted.
      let isAborted = false;
      const set = (reason: unknown): void => void (isAborted = reason !== null);
      Object.defineProperty(transaction, 'error', { get: () => (isAborted ? error : null), set });
      const operation = (): never => {
        throw error;
      };
      return transaction._execRequestAsync({ source: this, operation }) as never;
    });
  }
  return () => times;
}
