/** Decompression that stops: what a few bytes blow up to is no text. */
import { Gunzip, Inflate, Unzlib } from 'fflate';
import { concat } from './concat';

/** Bytes of input a push: deflate makes at most 1032 times as many of them. */
const PUSH_BYTES = 4096;

interface Stream {
  push(chunk: Uint8Array, isLast?: boolean): void;
}

/** Undefined where the bytes are damaged, end early, or hold more than `limit`. */
export function inflateZlib(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  return inflate(bytes, limit, (onData) => new Unzlib(onData));
}

/** As inflateZlib, for gzip. */
export function inflateGzip(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  return inflate(bytes, limit, (onData) => new Gunzip(onData));
}

/** As inflateZlib, for bare deflate, as if the bytes followed this dictionary. */
export function inflateRaw(bytes: Uint8Array, limit: number, dictionary: Uint8Array): Uint8Array | undefined {
  return inflate(bytes, limit, (onData) => new Inflate({ dictionary }, onData));
}

function inflate(
  bytes: Uint8Array,
  limit: number,
  open: (onData: (chunk: Uint8Array, isLast: boolean) => void) => Stream,
): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = false;
  try {
    const stream = open((chunk, isLast) => {
      chunks.push(chunk);
      size += chunk.length;
      isWhole = isLast;
    });
    for (let at = 0; at < bytes.length && size <= limit; at += PUSH_BYTES)
      stream.push(bytes.subarray(at, at + PUSH_BYTES), at + PUSH_BYTES >= bytes.length);
  } catch (error) {
    // fflate's errors are plain ones with a code; whatever they say, there is no text.
    if (error instanceof Error) return undefined;
    throw error;
  }
  return isWhole && size <= limit ? concat(chunks) : undefined;
}
