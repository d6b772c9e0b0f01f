/**
 * Files that the build has packed, for few hosts compress their kind. tools/vite/pack-files.ts makes them and this list.
 */
import { isSplit, joinPlanes } from '../../core/bytes/planes';
import { AppError } from '../../core/errors';
import { fetchBlob, type Wanted } from './fetch-blob';
import { unpackBlob } from './unpack-blob';

/** Flavours of ONNX Runtime's .wasm; see ort-module.ts. */
export type Flavour = 'jspi' | 'asyncify';

export interface PackedFile {
  /** Name in PACKED_FOLDER, with a hash of its bytes in it. */
  file: string;
  /** Bytes of the packed file. */
  bytes: number;
  /** CRC-32 of the plain file, where the packing has no sum that is checked. */
  crc32?: number;
  /** Unpacked, it is in planes: see core/bytes/planes.ts. */
  isSplit?: true;
}

export interface PackedFiles {
  runtime: Readonly<Partial<Record<Flavour, PackedFile>>>;
  /** Packed files by their paths from the app's address. */
  files: Readonly<Record<string, PackedFile>>;
}

declare global {
  interface ImportMetaEnv {
    readonly GESSO_PACKED?: PackedFiles;
  }
}

/** Folder below the app's address. */
export const PACKED_FOLDER = 'packed/';

/** Scripts and styles below it, packed: by their names in assets/, with GZIPPED behind them. They are for the service worker. */
export const PACKED_TEXTS = `${PACKED_FOLDER}texts/`;
export const GZIPPED = '.gzip';

/** Name in the browser's cache storage, where packed files stay for the next visit; the service worker fetches what is missing, and clears it. */
export const PACKED_CACHE = 'packed';

/** Nothing is packed in development. */
export const PACKED: PackedFiles = import.meta.env.GESSO_PACKED ?? { runtime: {}, files: {} };

/**
 * A packed file, unpacked: as an earlier visit has kept it, else fetched, and kept.
 *
 * @param wanted  `address` of the packed file, `name` of the plain one
 * @throws AppError 'missing-file', 'offline' or 'bad-file' naming the file
 */
export async function openPacked(file: PackedFile, { onProgress, ...wanted }: Wanted): Promise<Blob> {
  const cache = await openCache();
  const kept = await cache?.match(wanted.address);
  const whole = kept && (await unpack(wanted.name, await kept.blob(), file).catch(() => undefined));
  if (whole) return whole;
  // What a host has had the browser unpack counts as more than came.
  const count = onProgress && ((loadedBytes: number) => onProgress(Math.min(loadedBytes, file.bytes)));
  const packed = await fetchBlob({ ...wanted, onProgress: count });
  const plain = await unpackBlob(wanted.name, packed, file.crc32);
  // Where there is no room it is fetched again.
  if (plain !== packed) await cache?.put(wanted.address, new Response(packed)).catch(() => undefined);
  return file.isSplit ? join(wanted.name, plain) : plain;
}

async function unpack(name: string, packed: Blob, { crc32, isSplit }: PackedFile): Promise<Blob> {
  const plain = await unpackBlob(name, packed, crc32);
  return isSplit ? join(name, plain) : plain;
}

/** What arrives in its place stays as it is: whoever reads it says what is wrong with it. */
async function join(name: string, plain: Blob): Promise<Blob> {
  const bytes = new Uint8Array(await plain.arrayBuffer());
  if (!isSplit(bytes)) return plain;
  try {
    return new Blob([joinPlanes(bytes)]);
  } catch (cause) {
    throw new AppError('bad-file', `${name} cannot be unpacked: it is damaged or incomplete.`, { cause });
  }
}

/** Opens the cache where there is one: plain http has none, and some private windows refuse it. */
async function openCache(): Promise<Cache | undefined> {
  if (!('caches' in globalThis)) return undefined;
  return caches.open(PACKED_CACHE).catch(() => undefined);
}
