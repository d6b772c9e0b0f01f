import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pack } from '../../core/packs';
import type { StoredAdapter } from '../../engine/library-api';
import { createPartStore } from '../net/part-store';
import { createAdapterStore } from './adapter-store';
import { createAssetStore } from './asset-store';
import { createFleetingProbe } from './fleeting';
import { createGalleryStore } from './gallery-store';
import { createBlobKeeper, toBlob } from './kept-blobs';
import { createKeyValue } from './key-value';
import { createPackStore } from './pack-store';
import { memoryLocks } from './testing/memory';
import { refuseBlobs, REFUSALS } from './testing/refuse-blobs';

let disk: IDBFactory;
beforeEach(() => {
  disk = new IDBFactory();
  vi.stubGlobal('indexedDB', disk);
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const picture = (prompt: string) => ({
  facts: { prompt },
  file: new Blob([`png of ${prompt}`], { type: 'image/png' }),
  thumbnail: new Blob([`small ${prompt}`], { type: 'image/webp' }),
});

describe.each(REFUSALS)('where Blobs are refused with %s', (refusal) => {
  it('keeps pictures as bytes, with their types, and says once that they go with the window', async () => {
    const refused = refuseBlobs(refusal);
    const onFleeting = vi.fn();
    const store = createGalleryStore<{ prompt: string }>(() => disk, onFleeting);
    const id = await store.add(picture('a cat'), (made) => ['line', { at: 1, made }]);
    const after = refused();
    await store.add(picture('a dog'));
    expect(refused(), 'Blobs are not tried again').toBe(after);
    expect(onFleeting).toHaveBeenCalledTimes(1);

    const onSeen = vi.fn();
    const reopened = createGalleryStore<{ prompt: string }>(() => disk, onSeen);
    const all: unknown[] = [];
    await reopened.list((page) => all.push(...page));
    expect(all).toMatchObject([{ prompt: 'a dog' }, { prompt: 'a cat' }]);
    expect(await reopened.readState('line')).toEqual({ at: 1, made: id });
    const [file, thumbnail] = [await reopened.file(id), await reopened.thumbnail(id)];
    expect([file?.type, await file?.text()]).toEqual(['image/png', 'png of a cat']);
    expect([thumbnail?.type, await thumbnail?.text()]).toEqual(['image/webp', 'small a cat']);
    expect(onSeen, 'a reload finds it out by reading').toHaveBeenCalledTimes(1);
  });

  it('stores models whose weights can be read, saved and swept', async () => {
    refuseBlobs(refusal);
    const values = createKeyValue('gesso-packs');
    const store = createPackStore({ values, locks: memoryLocks() });
    const shard = Uint8Array.of(1, 2, 3);
    const draft = await store.create('tiny');
    await draft.addShard('denoiser-0.bin', shard);
    await draft.commit(PACK);
    const source = await (await store.open('tiny')).shard('denoiser-0.bin');
    expect([source.size, ...source.readSync(1, 2)]).toEqual([3, 2, 3]);
    expect(() => source.readSync(2, 2)).toThrow(RangeError);
    const { shards } = await store.blobs('tiny');
    expect(await shards[0]?.blob.bytes?.()).toEqual(shard);
    await values.change([['shard:left~1:denoiser-0.bin', new Blob([shard])]]);
    expect(await store.sweep()).toBe(3);
    expect(await values.keys('shard:')).toHaveLength(1);
  });

  it('stores LoRAs, chunks of downloads and pictures to start from', async () => {
    refuseBlobs(refusal);
    const adapters = createAdapterStore();
    await adapters.put({ id: 'a', addedAt: 1 } as StoredAdapter, new Blob(['lora']), new Blob(['preview']));
    expect(await (await adapters.file('a')).text()).toBe('lora');
    expect(await (await adapters.preview('a'))?.text()).toBe('preview');

    const parts = createPartStore(createKeyValue('gesso-downloads'), 'tiny/0');
    await parts.put(3, Uint8Array.of(7, 8));
    expect(await parts.present()).toEqual(new Set([3]));
    expect(await (await parts.get(3))?.arrayBuffer()).toEqual(Uint8Array.of(7, 8).buffer);

    const pixels = { width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 0, 5, 6, 7, 255) };
    const hash = await createAssetStore(() => disk).put(pixels);
    expect(await createAssetStore(() => disk).get(hash)).toEqual(pixels);
  });

  it('changes nothing of what was there when the change as a whole fails', async () => {
    const values = createKeyValue('any');
    await values.change([['old', 1]]);
    refuseBlobs(refusal);
    const uncloneable = () => undefined;
    await expect(values.change([['b', new Blob(['b'])], ['f', uncloneable]], ['old'])).rejects.toThrow(); // prettier-ignore
    expect(await values.keys()).toEqual(['old']);
  });

  it('is found out before anything is kept, and leaves no trace', async () => {
    refuseBlobs(refusal);
    const values = createKeyValue('gesso-downloads');
    expect(await createFleetingProbe(values)()).toBe(true);
    expect(await values.keys()).toEqual([]);
  });
});

describe('where Blobs are taken', () => {
  it('keeps them as they are, and says nothing', async () => {
    const onFleeting = vi.fn();
    const store = createGalleryStore<{ prompt: string }>(() => disk, onFleeting);
    await store.file(await store.add(picture('a cat')));
    const values = createKeyValue('gesso-downloads');
    await values.change([['blob', new Blob(['b'])]]);
    expect(await values.get('blob')).toBeInstanceOf(Blob);
    expect(await createFleetingProbe(values)()).toBe(false);
    expect(onFleeting).not.toHaveBeenCalled();
  });

  it('passes on every other error, and does not write twice', async () => {
    const keeper = createBlobKeeper();
    const write = vi.fn(() => Promise.reject(new DOMException('no room', 'QuotaExceededError')));
    await expect(keeper.write([new Blob(['a'])], write)).rejects.toThrow('no room');
    const uncloneable = vi.fn(() => Promise.reject(new DOMException('() => 1 could not be cloned.', 'DataCloneError')));
    await expect(keeper.write([new Blob(['a'])], uncloneable)).rejects.toThrow('cloned');
    expect([write, uncloneable].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect(toBlob({ bytes: 'none' })).toBeUndefined();
  });
});

const PACK: Pack = {
  version: 1,
  id: 'tiny',
  name: 'Tiny',
  family: 'starter',
  plan: 'float16',
  source: { name: 'tiny.safetensors', byteLength: 3, layout: 'ldm' },
  scheduler: {},
  tokenizer: 'clip',
  components: { unet: { config: {}, weights: {}, shards: [{ file: 'denoiser-0.bin', byteLength: 3, sha256: '00' }] } },
};
