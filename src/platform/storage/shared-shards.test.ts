import { expect, it } from 'vitest';
import { importCheckpoint, type Pack } from '../../core/packs';
import { smallModel, type SmallFamily } from '../../core/packs/testing/small-models';
import { createPackStore } from './pack-store';
import { memoryLocks, memoryValues } from './testing/memory';

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
  await store.delete('sd15');
  const { shards } = await store.blobs('sd15-inpaint');
  expect(shards.map(({ blob }) => blob.size)).toEqual(
    Object.values(components).flatMap((component) => component.shards.map(({ byteLength }) => byteLength)),
  );
});
