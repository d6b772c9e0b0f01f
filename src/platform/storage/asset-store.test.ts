import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pixelHash } from '../../core/image/pixel-hash';
import { createAssetStore } from './asset-store';

let disk: IDBFactory;
beforeEach(() => void (disk = new IDBFactory()));
const open = () => createAssetStore(() => disk);

/** Colours under all alphas, none of which a canvas keeps. */
const picture = (width = 37, height = 5, by = 1) => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * i * 31 + i * by) % 256),
});

describe('createAssetStore', () => {
  it('keeps a picture to the byte over a reload, colours under alpha too', async () => {
    const hash = await open().put(picture());
    expect(hash).toBe(pixelHash(picture()));
    expect(await open().get(hash)).toEqual(picture());
  });

  it('keeps it once, however often it comes', async () => {
    const store = open();
    const [a, b, other] = [await store.put(picture()), await store.put(picture()), await store.put(picture(5, 37))];
    expect(a).toBe(b);
    expect((await store.keys()).toSorted()).toEqual([a, other].toSorted());
  });

  it('forgets what it is told to, and has nothing to give for what it never had', async () => {
    const store = open();
    const [a, b] = [await store.put(picture()), await store.put(picture(4, 4, 7))];
    await store.remove([a, 'f'.repeat(64)]);
    expect([await store.get(a), await store.keys()]).toEqual([undefined, [b]]);
  });

  it('works where the browser can neither compress nor hash', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    vi.stubGlobal('crypto', {});
    const hash = await open().put(picture());
    vi.unstubAllGlobals();
    expect(await open().get(hash)).toEqual(picture());
  });

  it('gives nothing where what is kept is damaged', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const hash = await open().put(picture());
    for (const bytes of [new Blob(['?']), new Blob([])]) {
      const request = disk.open('gesso-assets');
      const database = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
      const transaction = database.transaction('pictures', 'readwrite');
      transaction.objectStore('pictures').put({ width: 37, height: 5, bytes, isPacked: true }, hash);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
      expect(await open().get(hash)).toBeUndefined();
    }
  });
});
