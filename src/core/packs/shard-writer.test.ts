import { expect, it } from 'vitest';
import { ShardWriter } from './shard-writer';
import { memoryPacks } from './testing/memory-packs';

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
