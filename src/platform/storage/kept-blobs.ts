/**
 * Blobs where IndexedDB refuses them, as in private windows of WebKit and Safari: what is kept then is their bytes. Such
 * storage lies in memory and ends with the window.
 */

/** Stands for a Blob. */
export interface BlobBytes {
  blobBytes: ArrayBuffer;
  type: string;
}

export type KeptBlob = Blob | BlobBytes;

/** How to put a Blob, in one attempt to write. */
type AsKept = (blob: Blob) => KeptBlob;

/** @param onRefused once, when it has been seen that Blobs are refused and bytes are not */
export function createBlobKeeper(onRefused: () => void = () => undefined) {
  let isRefused = false;
  const refused = (): void => {
    if (!isRefused) onRefused();
    isRefused = true;
  };

  return {
    /**
     * Writes with Blobs; where they are refused once more with their bytes, and from then on with bytes at once.
     *
     * @param write one transaction, of which nothing stays where it fails
     */
    async write<T>(blobs: readonly Blob[], write: (asKept: AsKept) => Promise<T>): Promise<T> {
      if (!isRefused || blobs.length === 0) {
        try {
          return await write((blob) => blob);
        } catch (thrown) {
          if (blobs.length === 0 || !isRefusal(thrown)) throw thrown;
        }
      }
      const bytes = new Map<Blob, BlobBytes>();
      for (const blob of blobs) bytes.set(blob, { blobBytes: await blob.arrayBuffer(), type: blob.type });
      const written = await write((blob) => bytes.get(blob) ?? blob);
      refused();
      return written;
    },

    /** What lies in the place of a Blob; undefined where it is none. */
    read(value: unknown): Blob | undefined {
      const blob = toBlob(value);
      if (blob && !(value instanceof Blob)) refused();
      return blob;
    },
  };
}

export function isBlobBytes(value: unknown): value is BlobBytes {
  return typeof value === 'object' && value !== null && (value as Partial<BlobBytes>).blobBytes instanceof ArrayBuffer;
}

export function toBlob(value: unknown): Blob | undefined {
  if (value instanceof Blob) return value;
  return isBlobBytes(value) ? new Blob([value.blobBytes], { type: value.type }) : undefined;
}

/**
 * Safari throws "Failed to store record in an IDBObjectStore: BlobURLs are not yet supported." (DataCloneError), WebKitGTK 2.50
 * fails with "Error preparing Blob/File data to be stored in object store" (UnknownError).
 *
 * @param thrown as it came, or an error of ours with it as its cause
 */
function isRefusal(thrown: unknown): boolean {
  const { name, message, cause } = (thrown ?? {}) as Partial<Error>;
  if ((name === 'DataCloneError' || name === 'UnknownError') && /blob/i.test(message ?? '')) return true;
  return cause !== undefined && isRefusal(cause);
}
