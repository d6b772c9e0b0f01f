/** A pack store in memory, which remembers how it was used. */
import { AppError } from '../../errors';
import type { OpenPack, Pack, PackDraft } from '..';

export interface MemoryPacks {
  packs: Map<string, Pack>;
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Bytes of the largest shard that was written. */
  largestShard: number;
  open(id: string): OpenPack;
  create(id: string): PackDraft;
}

export function memoryPacks(): MemoryPacks {
  const store: MemoryPacks = {
    packs: new Map(),
    files: new Map(),
    largestShard: 0,
    open(id) {
      const pack = store.packs.get(id);
      if (!pack) throw new AppError('missing-file', `${id}: no such pack`);
      return { pack, shard: (file) => Promise.resolve(syncSource(file, store.files.get(`${id}/${file}`))) };
    },
    create: (id) => {
      const written = new Map<string, Uint8Array<ArrayBuffer>>();
      return {
        addShard(file, bytes) {
          written.set(`${id}/${file}`, bytes.slice());
          store.largestShard = Math.max(store.largestShard, bytes.length);
          return Promise.resolve();
        },
        commit(pack) {
          for (const [file, bytes] of written) store.files.set(file, bytes);
          store.packs.set(id, pack);
          return Promise.resolve();
        },
        abort: () => Promise.resolve(written.clear()),
      };
    },
  };
  return store;
}

function syncSource(name: string, bytes: Uint8Array<ArrayBuffer> | undefined) {
  if (!bytes) throw new AppError('missing-file', `${name} is gone`);
  return {
    name,
    size: bytes.length,
    readSync(offset: number, length: number): Uint8Array<ArrayBuffer> {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError(`${name}: out of range`);
      return bytes.slice(offset, offset + length);
    },
  };
}
