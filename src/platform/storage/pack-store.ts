/** The packs on this computer: weights as Blobs in IndexedDB, or as bytes where it refuses Blobs. A pack is there wholly or not at all. */
import { AppError } from '../../core/errors';
import { shardsOf, type Pack } from '../../core/packs';
import type { OpenPack, PackDraft, PackStore } from '../../engine/ports';
import { keptSyncSource } from './blob-source';
import { isBlobBytes, toBlob, type KeptBlob } from './kept-blobs';
import { createKeyValue, type KeyValue } from './key-value';
import { createLocks, type Locks } from './locks';
import { createSharedShards, draftOf, shardKey, targetsOf } from './shared-shards';

export interface StoredPack {
  pack: Pack;
  bytes: number;
  /** What is free again when it is deleted: shards that no other pack names. */
  ownBytes: number;
  /** Milliseconds since 1970. */
  addedAt: number;
  lastUsedAt?: number;
}

/** What the library does beyond loading. */
export interface ManagedPackStore extends PackStore {
  list(): Promise<StoredPack[]>;
  delete(id: string): Promise<void>;
  /** The shards as they are stored. @throws AppError 'missing-file' */
  blobs(id: string): Promise<{ pack: Pack; shards: { file: string; blob: Blob }[] }>;
  /** Removes what broken imports have left. @returns how many bytes that were */
  sweep(): Promise<number>;
}

interface PackRecord {
  pack: Pack;
  /** Id of the draft it was written as: part of its shards' keys. */
  draft: string;
  bytes: number;
  addedAt: number;
}

const packKey = (id: string): string => `pack:${id}`;
const usedKey = (id: string): string => `used:${id}`;
const draftLock = (draft: string): string => `gesso-draft:${draft}`;

export interface PackStoreOptions {
  values?: KeyValue;
  locks?: Locks;
  now?: () => number;
}

export function createPackStore(options: PackStoreOptions = {}): ManagedPackStore {
  const { values = createKeyValue('gesso-packs'), locks = createLocks(), now = () => Date.now() } = options;

  const shared = createSharedShards({ values, locks }, records);

  async function records(): Promise<PackRecord[]> {
    const found = await Promise.all((await values.keys('pack:')).map((key) => values.get<PackRecord>(key)));
    return found.filter((record) => record !== undefined); // deleted by another tab just now
  }

  async function recordOf(id: string): Promise<PackRecord> {
    const record = await values.get<PackRecord>(packKey(id));
    if (record) return record;
    throw new AppError('missing-file', `${id}: this model is not on this computer; get it in the library.`);
  }

  async function shardOf({ pack, draft }: PackRecord, file: string): Promise<KeptBlob> {
    const shard = await values.get<KeptBlob>(await shared.keyOf(draft, file));
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
    const isHere = shared.sharing(draft);
    let bytes = 0;
    return {
      async addShard(file, data, sha256) {
        if (sha256 === undefined || !(await isHere(file, data, sha256)))
          await values.change([[shardKey(draft, file), new Blob([data])]]);
        bytes += data.length;
      },
      async commit(pack) {
        const record: PackRecord = { pack: { ...pack, id }, draft, bytes, addedAt: now() };
        const write = async (before?: PackRecord): Promise<void> =>
          values.change([[packKey(id), record]], before ? await shared.freedWith(before.draft) : []);
        const before = await values.get<PackRecord>(packKey(id));
        await (before ? shared.alone(async () => write(await values.get<PackRecord>(packKey(id)))) : write());
        release?.();
      },
      async abort() {
        try {
          await shared.alone(async () => values.change([], await shared.freedWith(draft)));
        } finally {
          release?.(); // what could not be deleted is swept at the next start
        }
      },
    };
  }

  async function list(): Promise<StoredPack[]> {
    const found: StoredPack[] = [];
    const all = await records();
    const own = await shared.ownBytes(all);
    for (const { pack, draft, bytes, addedAt } of all) {
      const lastUsedAt = await values.get<number>(usedKey(pack.id));
      found.push({
        pack,
        bytes,
        ownBytes: own.get(draft) ?? 0,
        addedAt,
        ...(lastUsedAt !== undefined && { lastUsedAt }),
      });
    }
    return found;
  }

  const remove = (id: string): Promise<void> =>
    shared.alone(async () => {
      const record = await values.get<PackRecord>(packKey(id));
      const freed = record ? await shared.freedWith(record.draft) : [];
      await values.change([], [packKey(id), usedKey(id), ...freed]);
    });

  async function blobs(id: string): ReturnType<ManagedPackStore['blobs']> {
    const record = await recordOf(id);
    const files = shardsOf(record.pack).map(({ file }) => file);
    const shards = [];
    for (const file of files) {
      const blob = toBlob(await shardOf(record, file));
      if (blob) shards.push({ file, blob });
    }
    return { pack: record.pack, shards };
  }

  /** Asks in this order, as a draft takes its lock before its first shard, and lets go of it after its record is there. */
  async function sweepAlone(): Promise<number> {
    const shards = await values.keys('shard:');
    const words = await values.keys('same:');
    const held = await locks.held();
    const complete = new Set((await records()).map(({ draft }) => draft));
    const isLeft = (key: string): boolean => !complete.has(draftOf(key)) && !held.has(draftLock(draftOf(key)));
    const named = new Set(
      await targetsOf(
        values,
        words.filter((key) => !isLeft(key)),
      ),
    );
    const left = shards.filter((key) => isLeft(key) && !named.has(key));
    let bytes = 0;
    for (const key of left) bytes += sizeOf(await values.get<KeptBlob>(key));
    const gone = [...left, ...words.filter(isLeft)];
    if (gone.length > 0) await values.change([], gone);
    return bytes;
  }
  const sweep = (): Promise<number> => shared.alone(sweepAlone);

  return { open, revision, create, list, delete: remove, blobs, sweep };
}

const sizeOf = (shard?: KeptBlob): number => (isBlobBytes(shard) ? shard.blobBytes.byteLength : (shard?.size ?? 0));
