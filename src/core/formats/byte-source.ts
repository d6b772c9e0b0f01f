/** Anything of known size that can be read by range: a Blob, a file, a buffer. */
export interface ByteSource {
  /** How errors call it: its path within the model ("unet/diffusion_pytorch_model.safetensors"). */
  readonly name: string;
  readonly size: number;
  /** @throws RangeError when the range leaves the source */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes that can be read at once, in a worker: FileReaderSync over a Blob, or a file in node. */
export interface SyncByteSource {
  readonly name: string;
  readonly size: number;
  /** @throws RangeError when the range leaves the source */
  readSync(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** A SyncByteSource over bytes already in memory. */
export function bytesSyncSource(name: string, bytes: Uint8Array): SyncByteSource {
  return {
    name,
    size: bytes.length,
    readSync(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length)
        throw new RangeError(`${name}: bytes ${offset} to ${offset + length} of ${bytes.length}`);
      // a copy: Buffer.slice in node would be a view with an odd offset
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}

/** A ByteSource over bytes already in memory. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  const { size, readSync } = bytesSyncSource(name, bytes);
  return { name, size, read: async (offset, length) => readSync(offset, length) };
}
