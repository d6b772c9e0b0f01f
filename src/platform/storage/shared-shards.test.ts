import { expect, it, vi } from 'vitest';
import { importCheckpoint, type Pack } from '../../core/packs';
import { smallModel, type SmallFamily } from '../../core/packs/testing/small-models';
import { createPackStore } from './pack-store';
import { memoryLocks, memoryValues, type MemoryValues } from './testing/memory';

const blobBytes = ({ map }: MemoryValues): number =>
  [...map.values()].reduce<number>((sum, value) => sum + (value instanceof Blob ? value.size : 0), 0);

it('keeps the text encoder and the autoencoder of two checkpoints once, where both were imported in the same form', async () => {
  const values = memoryValues();
  const store = createPackStore({ values, locks: memoryLocks() });
  const add = async (family: SmallFamily): Promise<Pack> =>
    importCheckpoint({
      ...{ sources: smallModel(family, 'narrow'), id: family, name: family, plan: 'q8' },
      ...{ draft: await store.create(family), onProgress: () => undefined },
    });
  const [first, second] = [await add('sd15'), await add('sd15-inpaint')];
  const { components } = second;
  expect(components.text_encoder?.shards).toEqual(first.components.text_encoder?.shards);
  expect(components.unet?.shards).not.toEqual(first.components.unet?.shards);

  const kept = [...values.map.keys()].filter((key) => key.startsWith('shard:')).map((key) => key.split(':')[2]);
  expect(kept.sort()).toEqual([
    'text_encoder-0.bin',
    'unet-0.bin',
    'unet-0.bin',
    'vae_decoder-0.bin',
    'vae_encoder-0.bin',
  ]);
  const sharedBytes = components.text_encoder?.shards.reduce((sum, { byteLength }) => sum + byteLength, 0) ?? 0;
  const before = await store.list();
  for (const { ownBytes, bytes } of before) {
    expect(ownBytes).toBeGreaterThan(0);
    expect(ownBytes).toBeLessThanOrEqual(bytes - sharedBytes);
  }
  const keptBytes = blobBytes(values);
  await store.delete('sd15');
  const freed = before.find(({ pack }) => pack.id === 'sd15')?.ownBytes;
  expect(keptBytes - blobBytes(values), 'what was said to be free again is').toBe(freed);
  const [alone] = await store.list();
  expect(alone.ownBytes, 'nobody else names the shared ones now').toBe(alone.bytes);
  const { shards } = await store.blobs('sd15-inpaint');
  expect(shards.map(({ blob }) => blob.size)).toEqual(
    Object.values(components).flatMap((component) => component.shards.map(({ byteLength }) => byteLength)),
  );
});

it.each([
  ['gives no bytes', new DOMException('The object can not be found here.', 'NotFoundError')],
  ['is not read from its storage', new DOMException('Internal error.', 'UnknownError')],
])('mends a shared shard that %s, when its model is imported again', async (how, error) => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const kept = memoryValues();
  const broken = new Set<string>();
  const values: MemoryValues = {
    ...kept,
    get: async <T>(key: string): Promise<T | undefined> => {
      const value = await kept.get<T>(key);
      if (!broken.has(key) || !(value instanceof Blob)) return value;
      if (how !== 'gives no bytes') throw error;
      return Object.assign(new Blob([value]), { arrayBuffer: () => Promise.reject(error) }) as T;
    },
  };
  const store = createPackStore({ values, locks: memoryLocks() });
  const add = async (id: string): Promise<Pack> =>
    importCheckpoint({
      ...{ sources: smallModel('sd15', 'narrow'), id, name: id, plan: 'q8' },
      ...{ draft: await store.create(id), onProgress: () => undefined },
    });
  await add('one');
  for (const key of kept.map.keys()) if (key.startsWith('shard:')) broken.add(key);
  const pack = await add('one');
  const { shards } = await store.blobs('one');
  const sizes = await Promise.all(shards.map(async ({ blob }) => (await blob.arrayBuffer()).byteLength));
  const all = Object.values(pack.components).flatMap((component) => component.shards);
  expect(sizes).toEqual(all.map(({ byteLength }) => byteLength));
  expect(warn).toHaveBeenCalled();
  warn.mockRestore();
});
