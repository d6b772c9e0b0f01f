/**
 * Shards of the same bytes are kept once: an autoencoder or a text encoder that several models have in common. `shard:<draft>:<file>`
 * holds the bytes of the first that came; `same:<draft>:<file>` of another says under which key they lie. Nothing counts who uses
 * what: it is read from these keys when something goes, under one lock of all tabs.
 */
import { shardsOf, type Pack } from '../../core/packs';
import { toBlob, type KeptBlob } from './kept-blobs';
import type { KeyValue } from './key-value';
import type { Locks } from './locks';

export const shardKey = (draft: string, file: string): string => `shard:${draft}:${file}`;
const sameKey = (draft: string, file: string): string => `same:${draft}:${file}`;
export const draftOf = (key: string): string => key.split(':')[1] ?? '';

interface Shelved {
  pack: Pack;
  draft: string;
}

export interface SharedShards {
  /** The key under which the bytes of a shard lie, its own or another's. */
  keyOf(draft: string, file: string): Promise<string>;
  /** @returns remembers what lies here when it is first asked; puts a word in place of bytes that are here, false where they are not */
  sharing(draft: string): (file: string, bytes: Uint8Array<ArrayBuffer>, sha256: string) => Promise<boolean>;
  /** Keys to delete with a draft: what is its own and nobody else's, and what it alone still named. */
  freedWith(draft: string): Promise<string[]>;
  /** For each draft the bytes of shards that no other of these packs names. */
  ownBytes(all: readonly Shelved[]): Promise<ReadonlyMap<string, number>>;
  /** While it runs, no other tab begins to share, replaces or deletes. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** @param records  of the packs that are here wholly */
export function createSharedShards(
  { values, locks }: { values: KeyValue; locks: Locks },
  records: () => Promise<readonly Shelved[]>,
): SharedShards {
  const alone = <T>(work: () => Promise<T>): Promise<T> => locks.alone('gesso-packs', work);

  const keyOf = async (draft: string, file: string): Promise<string> =>
    (await values.get<string>(sameKey(draft, file))) ?? shardKey(draft, file);

  async function keysByHash(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { pack, draft } of await records())
      for (const { file, sha256 } of shardsOf(pack)) found.set(sha256, await keyOf(draft, file));
    return found;
  }

  function sharing(draft: string): ReturnType<SharedShards['sharing']> {
    let known: Promise<Map<string, string>> | undefined;
    return async (file, bytes, sha256) => {
      const key = (await (known ??= keysByHash())).get(sha256);
      if (key === undefined) return false;
      return alone(async () => {
        // To the byte: an import mends what the disk has damaged.
        if (!(await holds(() => values.get<KeptBlob>(key), bytes))) return false;
        await values.change([[sameKey(draft, file), key]]);
        return true;
      });
    };
  }

  async function freedWith(draft: string): Promise<string[]> {
    const own = await values.keys(`shard:${draft}:`);
    const words = await values.keys('same:');
    const [mine, others] = [
      words.filter((key) => draftOf(key) === draft),
      words.filter((key) => draftOf(key) !== draft),
    ];
    const named = new Set(await targetsOf(values, others));
    const alive = new Set((await records()).map((record) => record.draft).filter((one) => one !== draft));
    const left = (await targetsOf(values, mine)).filter((key) => !alive.has(draftOf(key)));
    return [...mine, ...new Set([...own, ...left].filter((key) => !named.has(key)))];
  }

  async function ownBytes(all: readonly Shelved[]): Promise<ReadonlyMap<string, number>> {
    const words = new Set(await values.keys('same:'));
    const users = new Map<string, number>();
    const named = new Map<string, Map<string, number>>();
    for (const { pack, draft } of all) {
      const sizes = new Map<string, number>();
      for (const { file, byteLength } of shardsOf(pack))
        sizes.set(words.has(sameKey(draft, file)) ? await keyOf(draft, file) : shardKey(draft, file), byteLength);
      for (const key of sizes.keys()) users.set(key, (users.get(key) ?? 0) + 1);
      named.set(draft, sizes);
    }
    const own = (sizes: Map<string, number>): number =>
      [...sizes].reduce((sum, [key, bytes]) => sum + (users.get(key) === 1 ? bytes : 0), 0);
    return new Map([...named].map(([draft, sizes]) => [draft, own(sizes)]));
  }

  return { keyOf, sharing, freedWith, ownBytes, alone };
}

/** Where bytes lie that these words stand for. */
export async function targetsOf(values: KeyValue, words: readonly string[]): Promise<string[]> {
  const found = await Promise.all(words.map((key) => values.get<string>(key)));
  return found.filter((key) => key !== undefined);
}

/** False also where what is kept cannot be read: the disk may have lost it. */
async function holds(read: () => Promise<KeptBlob | undefined>, bytes: Uint8Array): Promise<boolean> {
  try {
    const blob = toBlob(await read());
    if (blob?.size !== bytes.length) return false;
    const kept = new Uint8Array(await blob.arrayBuffer());
    return kept.every((byte, i) => byte === bytes[i]);
  } catch (error) {
    console.warn('A shard that is kept cannot be read; it is written anew.', error);
    return false;
  }
}
