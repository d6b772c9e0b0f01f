import { describe, expect, it } from 'vitest';
import type { Pack } from '../../core/packs';
import { createPackStore } from './pack-store';
import { assertRoom } from './quota';
import { memoryLocks, memoryValues } from './testing/memory';

const PACK: Pack = {
  version: 1,
  id: 'tiny',
  name: 'Tiny',
  family: 'sd15',
  plan: 'float16',
  source: { name: 'tiny.safetensors', byteLength: 3, layout: 'ldm' },
  scheduler: {},
  tokenizer: 'clip',
  components: { unet: { config: {}, weights: {}, shards: [{ file: 'unet-0.bin', byteLength: 3, sha256: '00' }] } },
};

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

function setUp(limit?: number) {
  const [values, locks] = [memoryValues(limit), memoryLocks()];
  let time = 0;
  return { values, locks, store: createPackStore({ values, locks, now: () => ++time }) };
}

describe('createPackStore', () => {
  it('shows nothing of a pack before it is committed, and all of it afterwards', async () => {
    const { store } = setUp();
    const draft = await store.create('tiny');
    await draft.addShard('unet-0.bin', bytes(1, 2, 3));
    await expect(store.open('tiny')).rejects.toMatchObject({ code: 'missing-file' });
    expect(await store.list()).toEqual([]);
    await draft.commit(PACK);
    expect((await store.open('tiny')).pack.name).toBe('Tiny');
    expect(await store.list()).toMatchObject([{ bytes: 3, addedAt: 1, lastUsedAt: 2 }]);
    const { shards } = await store.blobs('tiny');
    expect(new Uint8Array(await (shards[0]?.blob ?? new Blob()).arrayBuffer())).toEqual(bytes(1, 2, 3));
  });

  it('leaves nothing of an aborted pack, and the old one where it was to be replaced', async () => {
    const { store, values } = setUp();
    const first = await store.create('tiny');
    await first.addShard('unet-0.bin', bytes(1, 2, 3));
    await first.commit(PACK);
    const keys = [...values.map.keys()].sort();
    const second = await store.create('tiny');
    await second.addShard('unet-0.bin', bytes(9));
    await second.abort();
    expect([...values.map.keys()].sort()).toEqual(keys);
  });

  it('replaces a pack in one step and frees the old shards', async () => {
    const { store, values } = setUp();
    for (const value of [1, 2]) {
      const draft = await store.create('tiny');
      await draft.addShard('unet-0.bin', bytes(value));
      await draft.commit(PACK);
    }
    expect([...values.map.keys()].filter((key) => key.startsWith('shard:'))).toHaveLength(1);
    const { shards } = await store.blobs('tiny');
    expect(new Uint8Array(await (shards[0]?.blob ?? new Blob()).arrayBuffer())).toEqual(bytes(2));
  });

  it('sweeps what a closed tab has left, and nothing that is being written or complete', async () => {
    const { store, values, locks } = setUp();
    const done = await store.create('tiny');
    await done.addShard('unet-0.bin', bytes(1, 2, 3));
    await done.commit(PACK);
    const busy = await store.create('busy');
    await busy.addShard('unet-0.bin', bytes(4));
    const crashed = createPackStore({ values, locks: memoryLocks() }); // its locks died with its tab
    await (await crashed.create('crashed')).addShard('unet-0.bin', bytes(5, 6));
    expect(await store.sweep()).toBe(2);
    expect((await locks.held()).size).toBe(1);
    await busy.commit({ ...PACK, id: 'busy' });
    expect((await store.list()).map(({ pack }) => pack.id)).toEqual(['tiny', 'busy']);
    expect(await store.sweep()).toBe(0);
  });

  it.each(['before it asks for shards', 'before it asks for locks', 'before it asks for records', 'before it deletes'])(
    'sweeps nothing of a draft that another tab begins or ends %s',
    async (moment) => {
      for (const deed of ['begins', 'ends'] as const) {
        const { values, locks, store } = setUp();
        const other = { draft: deed === 'ends' ? await store.create('tiny') : undefined };
        if (other.draft) await other.draft.addShard('unet-0.bin', bytes(1, 2, 3));
        let isDone = false;
        /** The other tab's deed, in the middle of the sweep. */
        const meanwhile = async (asked: string): Promise<void> => {
          if (asked !== moment || isDone) return;
          isDone = true;
          if (other.draft) return other.draft.commit(PACK);
          other.draft = await store.create('tiny');
          await other.draft.addShard('unet-0.bin', bytes(1, 2, 3));
        };
        const sweeper = createPackStore({
          values: {
            ...values,
            keys: async (prefix) => {
              await meanwhile(`before it asks for ${prefix === 'shard:' ? 'shards' : 'records'}`);
              return values.keys(prefix);
            },
            change: async (puts, deletes) => {
              await meanwhile('before it deletes');
              return values.change(puts, deletes);
            },
          },
          locks: {
            ...locks,
            held: async () => {
              await meanwhile('before it asks for locks');
              return locks.held();
            },
          },
        });
        // Something is to be swept at any rate.
        await values.change([['shard:dead~1:unet-0.bin', new Blob([bytes(9)])]]);
        expect(await sweeper.sweep()).toBe(1);
        expect([deed, isDone]).toEqual([deed, true]);
        if (deed === 'begins') await other.draft?.commit(PACK);
        expect((await store.blobs('tiny')).shards).toHaveLength(1);
      }
    },
  );

  it('lets go of the lock of a draft once its record is there, not before', async () => {
    const { values, locks } = setUp();
    const change: typeof values.change = async (puts, deletes) => {
      if (puts.some(([key]) => key === 'pack:tiny'))
        expect((await locks.held()).size, 'while the record is written').toBe(1);
      return values.change(puts, deletes);
    };
    const draft = await createPackStore({ values: { ...values, change }, locks }).create('tiny');
    await draft.addShard('unet-0.bin', bytes(1, 2, 3));
    await draft.commit(PACK);
    expect((await locks.held()).size).toBe(0);
  });

  it('says when a shard is gone, and deletes all of a model', async () => {
    const { store, values } = setUp();
    const draft = await store.create('tiny');
    await draft.addShard('unet-0.bin', bytes(1));
    await draft.commit(PACK);
    for (const key of [...values.map.keys()]) if (key.startsWith('shard:')) values.map.delete(key);
    await expect((await store.open('tiny')).shard('unet-0.bin')).rejects.toThrow(/unet-0\.bin is gone/);
    await store.delete('tiny');
    expect(values.map.size).toBe(0);
  });

  describe('shares shards', () => {
    const kept = (values: ReturnType<typeof memoryValues>): string[] =>
      [...values.map.keys()].filter((key) => key.startsWith('shard:'));
    const packOf = (id: string, hashes: Record<string, string>): Pack => ({
      ...PACK,
      id,
      components: {
        unet: {
          config: {},
          weights: {},
          shards: Object.entries(hashes).map(([file, sha256]) => ({ file, byteLength: 3, sha256 })),
        },
      },
    });
    async function put(store: ReturnType<typeof createPackStore>, id: string, own: number): Promise<void> {
      const draft = await store.create(id);
      await draft.addShard('vae-0.bin', bytes(1, 2, 3), 'aa');
      await draft.addShard('unet-0.bin', bytes(own, own, own), `b${own}`);
      await draft.commit(packOf(id, { 'vae-0.bin': 'aa', 'unet-0.bin': `b${own}` }));
    }
    async function read(store: ReturnType<typeof createPackStore>, id: string): Promise<number[][]> {
      const { shards } = await store.blobs(id);
      return Promise.all(shards.map(async ({ blob }) => [...new Uint8Array(await blob.arrayBuffer())]));
    }

    it('of one content once, and reads them out of each pack, also where it is all that there is room for', async () => {
      const { store, values } = setUp(12);
      for (const own of [7, 8, 9]) await put(store, `m${own}`, own);
      expect(kept(values)).toHaveLength(4);
      for (const own of [7, 8, 9])
        expect(await read(store, `m${own}`)).toEqual([
          [1, 2, 3],
          [own, own, own],
        ]);
      expect(await store.sweep()).toBe(0);
    });

    it('until the last pack that needs them is gone', async () => {
      const { store, values } = setUp();
      for (const own of [7, 8, 9]) await put(store, `m${own}`, own);
      await store.delete('m7');
      expect(kept(values)).toHaveLength(3);
      expect(await store.sweep()).toBe(0);
      expect(await read(store, 'm9')).toEqual([
        [1, 2, 3],
        [9, 9, 9],
      ]);
      await put(store, 'm8', 6); // the same model, of other weights
      expect(await read(store, 'm8')).toEqual([
        [1, 2, 3],
        [6, 6, 6],
      ]);
      await store.delete('m8');
      expect(await read(store, 'm9')).toEqual([
        [1, 2, 3],
        [9, 9, 9],
      ]);
      await store.delete('m9');
      expect(values.map.size).toBe(0);
    });

    it('with the pack that it replaces', async () => {
      const { store, values } = setUp();
      await put(store, 'm7', 7);
      await put(store, 'm7', 7);
      expect(kept(values)).toHaveLength(2);
      expect(await read(store, 'm7')).toEqual([
        [1, 2, 3],
        [7, 7, 7],
      ]);
      await store.delete('m7');
      expect(values.map.size).toBe(0);
    });

    it('never where the bytes that lie here are others, or are gone', async () => {
      const { store, values } = setUp();
      await put(store, 'm7', 7);
      const [first] = kept(values);
      values.map.set(first, new Blob([bytes(1, 2, 4)])); // damaged on the disk
      await put(store, 'm8', 8);
      expect(await read(store, 'm8')).toEqual([
        [1, 2, 3],
        [8, 8, 8],
      ]);
      values.map.delete(first);
      await put(store, 'm7', 7);
      expect(await read(store, 'm7')).toEqual([
        [1, 2, 3],
        [7, 7, 7],
      ]);
    });

    it('not with a draft that is given up: it takes nothing with it', async () => {
      const { store, values } = setUp();
      await put(store, 'm7', 7);
      const keys = [...values.map.keys()].sort();
      const draft = await store.create('m8');
      await draft.addShard('vae-0.bin', bytes(1, 2, 3), 'aa');
      await draft.abort();
      expect([...values.map.keys()].sort()).toEqual(keys);
    });

    it('with a draft from which the pack is taken away meanwhile, and sweeps what a closed tab shared', async () => {
      const { store, values } = setUp();
      await put(store, 'm7', 7);
      const draft = await store.create('m8');
      await draft.addShard('vae-0.bin', bytes(1, 2, 3), 'aa');
      await store.delete('m7');
      expect(await store.sweep()).toBe(0);
      await draft.commit(packOf('m8', { 'vae-0.bin': 'aa' }));
      expect(await read(store, 'm8')).toEqual([[1, 2, 3]]);
      const crashed = createPackStore({ values, locks: memoryLocks() }); // its locks died with its tab
      await (await crashed.create('m9')).addShard('vae-0.bin', bytes(1, 2, 3), 'aa');
      expect(await store.sweep()).toBe(0);
      expect([...values.map.keys()].filter((key) => key.startsWith('same:'))).toHaveLength(1);
      await store.delete('m8');
      expect(values.map.size).toBe(0);
    });
  });

  it('rejects with quota and keeps what there was', async () => {
    const { store } = setUp(4);
    const draft = await store.create('tiny');
    await draft.addShard('unet-0.bin', bytes(1, 2, 3));
    await expect(draft.addShard('unet-1.bin', bytes(4, 5))).rejects.toMatchObject({ code: 'quota' });
    await draft.abort();
    expect(await store.list()).toEqual([]);
  });
});

describe('assertRoom', () => {
  const room = { usedBytes: 8e9, quotaBytes: 10e9, isPersistent: true };

  it('is silent where there is room or no limit is known', () => {
    assertRoom(2e9, room, []);
    assertRoom(9e12, { usedBytes: 0, isPersistent: false }, []);
  });

  it('names the smallest model that makes room, else all that must go, else the disk', () => {
    const models = [
      { name: 'A', bytes: 3e9 },
      { name: 'B', bytes: 1.5e9 },
      { name: 'C', bytes: 1e8 },
    ];
    expect(() => assertRoom(3e9, room, models)).toThrow(
      '3.0 GB are needed and 2.0 GB are free. Deleting B would free 1.5 GB.',
    );
    expect(() => assertRoom(6.2e9, room, models)).toThrow(/Delete A, B, C to make room/);
    expect(() => assertRoom(60e9, room, models)).toThrow(/Free some space on this disk/);
  });
});
