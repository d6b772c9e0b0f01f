/** Blobs as byte sources: read later, or at once where a worker must not wait. */
import { AppError } from '../../core/errors';
import { bytesSyncSource, type ByteSource } from '../../core/formats';
import type { SyncByteSource } from '../../engine/ports';
import { isBlobBytes, type KeptBlob } from './kept-blobs';

/** Workers alone have it, and so only their type library does. */
const { FileReaderSync } = globalThis as unknown as {
  FileReaderSync?: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
};

function assertWithin(name: string, size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > size)
    throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${size}`);
}

/** A ByteSource that reads slices of a Blob or File. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      assertWithin(name, blob.size, offset, length);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
  };
}

/** The same at once; in workers only, where FileReaderSync exists. */
function blobSyncSource(name: string, blob: Blob): SyncByteSource {
  return {
    name,
    size: blob.size,
    readSync(offset, length) {
      assertWithin(name, blob.size, offset, length);
      if (!FileReaderSync) throw new AppError('internal', `${name}: can only be read at once in a worker.`);
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(offset, offset + length)));
    },
  };
}

/** The same of what may be kept as bytes: those are read where they are, for a Blob made of them would be one more copy. */
export function keptSyncSource(name: string, kept: KeptBlob): SyncByteSource {
  return isBlobBytes(kept) ? bytesSyncSource(name, new Uint8Array(kept.blobBytes)) : blobSyncSource(name, kept);
}
