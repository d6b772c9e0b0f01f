/** A pack store in memory, which remembers how it was used. */
import { AppError } from '../../errors';
import { bytesSyncSource, type SyncByteSource } from '../../formats';
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
      const shard = (file: string): SyncByteSource => {
        const bytes = store.files.get(`${id}/${file}`);
        if (!bytes) throw new AppError('missing-file', `${file} is gone`);
        return bytesSyncSource(file, bytes);
      };
      return { pack, shard: async (file) => shard(file) };
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
