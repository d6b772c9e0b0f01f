/** The packs on this computer: weights as Blobs in IndexedDB, or as bytes where it refuses Blobs. A pack is there wholly or not at all. */
import { AppError } from '../../core/errors';
import { shardsOf, type Pack } from '../../core/packs';
import type { OpenPack, PackDraft, PackStore } from '../../engine/ports';
import { keptSyncSource } from './blob-source';
import { isBlobBytes, toBlob, type KeptBlob } from './kept-blobs';
import { createKeyValue, type KeyValue } from './key-value';
import { createLocks, type Locks } from './locks';

export interface StoredPack {
  pack: Pack;
  bytes: number;
  /** Milliseconds since 1970. */
  addedAt: number;
  lastUsedAt?: number;
}

/** What the library does beyond loading. */
export interface PackShelf extends PackStore {
  list(): Promise<StoredPack[]>;
  delete(id: string): Promise<void>;
  /** The shards as they are stored. @throws AppError 'missing-file' */
  blobs(id: string): Promise<{ pack: Pack; shards: { file: string; blob: Blob }[] }>;
  /** Removes what broken imports have left. @returns how many bytes that were */
  sweep(): Promise<number>;
}

interface PackRecord {
  pack: Pack;
  /** Of the draft it was written as: part of its shards' keys. */
  draft: string;
  bytes: number;
  addedAt: number;
}

const packKey = (id: string): string => `pack:${id}`;
const usedKey = (id: string): string => `used:${id}`;
const shardKey = (draft: string, file: string): string => `shard:${draft}:${file}`;
const draftLock = (draft: string): string => `gesso-draft:${draft}`;
const draftOf = (key: string): string => key.split(':')[1] ?? '';

export interface PackStoreOptions {
  values?: KeyValue;
  locks?: Locks;
  now?: () => number;
}

export function createPackStore(options: PackStoreOptions = {}): PackShelf {
  const { values = createKeyValue('gesso-packs'), locks = createLocks(), now = () => Date.now() } = options;

  async function recordOf(id: string): Promise<PackRecord> {
    const record = await values.get<PackRecord>(packKey(id));
    if (record) return record;
    throw new AppError('missing-file', `${id}: this model is not on this computer; get it in the library.`);
  }

  async function shardOf({ pack, draft }: PackRecord, file: string): Promise<KeptBlob> {
    const shard = await values.get<KeptBlob>(shardKey(draft, file));
    if (shard) return shard;
    throw new AppError('missing-file', `${pack.name}: its ${file} is gone; delete the model and get it again.`);
  }

  async function open(id: string): Promise<OpenPack> {
    const record = await recordOf(id);
    await values.change([[usedKey(id), now()]]);
    return {
      pack: record.pack,
      shard: async (file) => keptSyncSource(`${record.pack.name}: ${file}`, await shardOf(record, file)),
    };
  }

  async function revision(id: string): Promise<string | undefined> {
    return (await values.get<PackRecord>(packKey(id)))?.draft;
  }

  async function create(id: string): Promise<PackDraft> {
    const draft = `${id}~${crypto.randomUUID()}`;
    const release = await locks.take(draftLock(draft));
    let bytes = 0;
    return {
      async addShard(file, data) {
        await values.change([[shardKey(draft, file), new Blob([data])]]);
        bytes += data.length;
      },
      async commit(pack) {
        const before = await values.get<PackRecord>(packKey(id));
        const old = before ? await values.keys(`shard:${before.draft}:`) : [];
        const record: PackRecord = { pack: { ...pack, id }, draft, bytes, addedAt: now() };
        await values.change([[packKey(id), record]], old);
        release?.();
      },
      async abort() {
        try {
          await values.change([], await values.keys(`shard:${draft}:`));
        } finally {
          release?.(); // what could not be deleted is swept at the next start
        }
      },
    };
  }

  async function list(): Promise<StoredPack[]> {
    const found: StoredPack[] = [];
    for (const key of await values.keys('pack:')) {
      const record = await values.get<PackRecord>(key);
      if (!record) continue; // deleted by another tab just now
      const { pack, bytes, addedAt } = record;
      const lastUsedAt = await values.get<number>(usedKey(pack.id));
      found.push({ pack, bytes, addedAt, ...(lastUsedAt !== undefined && { lastUsedAt }) });
    }
    return found;
  }

  async function remove(id: string): Promise<void> {
    const record = await values.get<PackRecord>(packKey(id));
    const shards = record ? await values.keys(`shard:${record.draft}:`) : [];
    await values.change([], [packKey(id), usedKey(id), ...shards]);
  }

  async function blobs(id: string): ReturnType<PackShelf['blobs']> {
    const record = await recordOf(id);
    const files = shardsOf(record.pack).map(({ file }) => file);
    const shards = [];
    for (const file of files) {
      const blob = toBlob(await shardOf(record, file));
      if (blob) shards.push({ file, blob });
    }
    return { pack: record.pack, shards };
  }

  /** In this order: a draft takes its lock before its first shard, and lets go of it after its record is there. */
  async function sweep(): Promise<number> {
    const shards = await values.keys('shard:');
    const held = await locks.held();
    const records = await Promise.all((await values.keys('pack:')).map((key) => values.get<PackRecord>(key)));
    const complete = new Set(records.map((record) => record?.draft));
    const left = shards.filter((key) => !complete.has(draftOf(key)) && !held.has(draftLock(draftOf(key))));
    let bytes = 0;
    for (const key of left) bytes += sizeOf(await values.get<KeptBlob>(key));
    if (left.length > 0) await values.change([], left);
    return bytes;
  }

  return { open, revision, create, list, delete: remove, blobs, sweep };
}

const sizeOf = (shard?: KeptBlob): number => (isBlobBytes(shard) ? shard.blobBytes.byteLength : (shard?.size ?? 0));
