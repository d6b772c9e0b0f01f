import { expect, it } from 'vitest';
import { ShardWriter } from './shard-writer';
import { memoryPacks } from './testing/memory-packs';

it('names what could not be kept, at the latest when it is flushed, and writes nothing after that', async () => {
  const store = memoryPacks();
  const draft = await store.create('a');
  let tries = 0;
  draft.addShard = () => {
    tries += 1;
    return Promise.reject(new Error('no room'));
  };
  const writer = new ShardWriter(draft, 'unet', 64);
  await writer.put(new Uint8Array(64));
  await writer.put(new Uint8Array(64));
  await expect(writer.flush()).rejects.toThrow('no room');
  await writer.settled();
  expect([tries, writer.shards]).toEqual([1, []]);
});

it('keeps a shard while the next is filled, one at a time and in order', async () => {
  const store = memoryPacks();
  const draft = await store.create('a');
  const kept: string[] = [];
  let go: () => void = () => undefined;
  draft.addShard = async (file) => {
    kept.push(`${file} begun`);
    await new Promise<void>((resolve) => (go = resolve));
    kept.push(`${file} kept`);
  };
  const writer = new ShardWriter(draft, 'unet', 64, () => Promise.resolve('hash'));
  await writer.put(new Uint8Array(64));
  expect((await writer.put(new Uint8Array(10))).shard).toBe(1);
  await Promise.resolve();
  expect(kept).toEqual(['unet-0.bin begun']);
  const third = writer.put(new Uint8Array(64));
  go();
  expect((await third).shard).toBe(2);
  const all = writer.flush();
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve));
    go();
  }
  await all;
  expect(kept).toEqual([0, 1, 2].flatMap((i) => [`unet-${i}.bin begun`, `unet-${i}.bin kept`]));
  expect(writer.shards.map(({ file, sha256 }) => [file, sha256])).toEqual(
    [0, 1, 2].map((i) => [`unet-${i}.bin`, 'hash']),
  );
});

it('closes a shard that the next bytes would pass the limit of, counting what aligns them', async () => {
  const store = memoryPacks();
  const writer = new ShardWriter(store.create('a'), 'unet', 128);
  const places = [await writer.put(new Uint8Array(65)), await writer.put(new Uint8Array(63))];
  await writer.flush();
  expect(places.map(({ shard, offset }) => [shard, offset])).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(store.largestShard).toBe(65);
});
