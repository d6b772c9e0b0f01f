/**
 * Pictures that others start from, in IndexedDB (`gesso-assets`): each once, by the hash of its pixels, and to the byte. Not as a
 * file of the browser's making: a canvas loses the colours under alpha.
 */
import { pixelHashBeside } from '../../core/image/pixel-hash';
import type { Pixels } from '../../core/image/pixels';
import { createBlobKeeper, toBlob, type KeptBlob } from './kept-blobs';
import { asked, openDatabase, whenDone, whenRead } from './database';

const NAME = 'gesso-assets';
const STORE = 'pictures';
/** Bytes of an RGBA pixel: neighbours are alike, so that their differences are kept. */
const STEP = 4;

interface Kept {
  width: number;
  height: number;
  /** Differences of neighbours in a row; compressed where `isPacked`. */
  bytes: KeptBlob;
  isPacked: boolean;
}

export interface PixelStore {
  put(pixels: Pixels): Promise<string>;
  get(hash: string): Promise<Pixels | undefined>;
  keys(): Promise<string[]>;
  remove(hashes: readonly string[]): Promise<void>;
}

export function createAssetStore(factory: () => IDBFactory = () => indexedDB): PixelStore {
  const blobs = createBlobKeeper();
  const connect = openDatabase({
    name: NAME,
    version: 1,
    upgrade: (database) => void database.createObjectStore(STORE),
    factory,
  });

  async function begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    return (await connect()).transaction([STORE], mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
  }

  return {
    /** @throws AppError 'quota' where there is no room */
    async put(pixels) {
      const hash = await pixelHashBeside(pixels);
      const known = await whenRead((await begin('readonly')).objectStore(STORE).getKey(hash));
      if (known !== undefined) return hash;
      const { bytes, ...facts } = await pack(pixels);
      await blobs.write([bytes], async (asKept) => {
        const transaction = await begin('readwrite');
        asked(() => transaction.objectStore(STORE).put({ ...facts, bytes: asKept(bytes) } satisfies Kept, hash));
        await whenDone(transaction);
      });
      return hash;
    },

    async get(hash) {
      const kept: unknown = await whenRead((await begin('readonly')).objectStore(STORE).get(hash));
      if (!isKept(kept)) return undefined;
      const pixels = await unpack(kept);
      // What the disk has damaged is not the picture that was named.
      return pixels && (await pixelHashBeside(pixels)) === hash ? pixels : undefined;
    },

    async keys() {
      return (await whenRead((await begin('readonly')).objectStore(STORE).getAllKeys())).map(String);
    },

    async remove(hashes) {
      if (hashes.length === 0) return;
      const transaction = await begin('readwrite');
      for (const hash of hashes) transaction.objectStore(STORE).delete(hash);
      await whenDone(transaction);
    },
  };
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height, bytes } = value as Partial<Kept>;
  return Number.isInteger(width) && Number.isInteger(height) && toBlob(bytes) !== undefined;
}

async function pack({ width, height, data }: Pixels): Promise<Kept & { bytes: Blob }> {
  const steps = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) steps[i] = data[i] - (i < STEP ? 0 : data[i - STEP]);
  const plain = new Blob([steps]);
  // Safari has had it since 16.4.
  if (typeof CompressionStream === 'undefined') return { width, height, bytes: plain, isPacked: false };
  const bytes = await new Response(plain.stream().pipeThrough(new CompressionStream('deflate-raw'))).blob();
  return { width, height, bytes, isPacked: true };
}

/** Undefined where it is not whole. */
async function unpack({ width, height, bytes: kept, isPacked }: Kept): Promise<Pixels | undefined> {
  const bytes = toBlob(kept) ?? new Blob();
  try {
    const plain = isPacked ? bytes.stream().pipeThrough(new DecompressionStream('deflate-raw')) : bytes.stream();
    const data = new Uint8ClampedArray(await new Response(plain).arrayBuffer());
    if (data.length !== width * height * STEP) return undefined;
    for (let i = STEP; i < data.length; i++) data[i] = (data[i] + data[i - STEP]) & 255;
    return { width, height, data };
  } catch (error) {
    console.info('A picture to start from cannot be read.', error);
    return undefined;
  }
}
