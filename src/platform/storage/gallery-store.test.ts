import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createGalleryStore } from './gallery-store';

interface Facts {
  prompt: string;
  isFavourite?: boolean;
}

let disk: IDBFactory;
beforeEach(() => {
  disk = new IDBFactory();
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});

const open = () => createGalleryStore<Facts>(() => disk);
const picture = (prompt: string) => ({
  facts: { prompt },
  file: new Blob([`png of ${prompt}`]),
  thumbnail: new Blob([`small ${prompt}`]),
});

async function listed(store: ReturnType<typeof open>) {
  const all: (Facts & { id: number })[] = [];
  await store.list((page) => all.push(...page));
  return all;
}

describe('createGalleryStore', () => {
  it('keeps facts, file and thumbnail over a reload, newest first', async () => {
    const first = await open().add(picture('a cat'));
    const second = await open().add(picture('a dog'));
    const store = open();
    expect(await listed(store)).toEqual([
      { id: second, prompt: 'a dog' },
      { id: first, prompt: 'a cat' },
    ]);
    expect(await (await store.file(first))?.text()).toBe('png of a cat');
    expect(await (await store.thumbnail(second))?.text()).toBe('small a dog');
  });

  it('lists thousands in pages, gaps and all', async () => {
    const store = open();
    for (let i = 0; i < 1203; i += 1) await store.add(picture(String(i)));
    await store.remove([1, 2, 600, 1203]);
    const pages: number[] = [];
    await store.list((page) => pages.push(page.length));
    expect(pages.reduce((a, b) => a + b)).toBe(1199);
    expect(pages.length).toBe(3);
    const ids = (await listed(store)).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });

  it('never gives an id twice', async () => {
    const store = open();
    const id = await store.add(picture('a'));
    await store.remove([id]);
    expect(await store.add(picture('b'))).toBeGreaterThan(id);
  });

  it('changes the facts of those that are there, and only those', async () => {
    const store = open();
    const id = await store.add(picture('a'));
    await store.update([id, 99], { isFavourite: true });
    expect(await listed(store)).toEqual([{ id, prompt: 'a', isFavourite: true }]);
  });

  it('keeps nothing of a picture that fails in the middle', async () => {
    const store = open();
    await store.add(picture('before'));
    // A file that cannot be cloned fails after the facts were written, as a full disk does.
    const bad = { ...picture('after'), thumbnail: (() => undefined) as unknown as Blob };
    await expect(store.add(bad)).rejects.toMatchObject({ code: 'internal' });
    expect((await listed(store)).map(({ prompt }) => prompt)).toEqual(['before']);
    expect(await store.file(2)).toBeUndefined();
  });

  it('says quota when the disk is full, and works again afterwards', async () => {
    const store = open();
    await store.add(picture('a'));
    const { IDBObjectStore } = await import('fake-indexeddb');
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
      throw new DOMException('no room', 'QuotaExceededError');
    } as never);
    await expect(store.add(picture('b'))).rejects.toMatchObject({ code: 'quota' });
    full.mockRestore();
    await store.add(picture('c'));
    expect((await listed(store)).map(({ prompt }) => prompt)).toEqual(['c', 'a']);
  });

  it('says so where the browser refuses to open it, and tries again at the next call', async () => {
    const refusing = vi.fn(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const store = createGalleryStore<Facts>(refusing);
    await expect(store.file(1)).rejects.toMatchObject({ code: 'internal' });
    await expect(store.file(1)).rejects.toThrow(/denied/);
    expect(refusing).toHaveBeenCalledTimes(2);
  });

  it('writes what goes with a picture in its transaction, and no older state over it', async () => {
    const store = open();
    await store.writeState('line', { at: 5, jobs: [1, 2] });
    const id = await store.add(picture('a'), (made) => ['line', { at: 7, jobs: [2], made }]);
    await store.writeState('line', { at: 6, jobs: [1, 2] });
    expect(await open().readState('line')).toEqual({ at: 7, jobs: [2], made: id });
    await store.writeState('line', { at: 8, jobs: [] });
    expect(await store.readState('line')).toEqual({ at: 8, jobs: [] });
    expect(await store.readState('form')).toBeUndefined();
  });

  it('moves a state to another name in one transaction, or does nothing', async () => {
    const store = open();
    await store.writeState('of b', { at: 3, jobs: [1] });
    const move = (value: unknown) =>
      [
        ['of a', value],
        ['of b', { at: 4, jobs: [] }],
      ] as const;
    await store.moveState('of b', () => undefined);
    expect(await store.readState('of a')).toBeUndefined();
    const failing = store.moveState('of b', (value) => [...move(value), ['x', () => undefined]]);
    await expect(failing).rejects.toThrow();
    expect([await store.readState('of a'), await store.readState('of b')]).toEqual([undefined, { at: 3, jobs: [1] }]);
    await store.moveState('of b', move);
    expect([await open().readState('of a'), await store.readState('of b')]).toEqual([
      { at: 3, jobs: [1] },
      { at: 4, jobs: [] },
    ]);
  });

  it('keeps the pictures of a database of version 1', async () => {
    const old = disk.open('gesso-gallery', 1);
    await new Promise((resolve) => {
      old.onupgradeneeded = () => {
        old.result.createObjectStore('facts', { keyPath: 'id', autoIncrement: true }).add({ prompt: 'before' });
        old.result.createObjectStore('files').add(new Blob(['png']), 1);
        old.result.createObjectStore('thumbnails').add(new Blob(['small']), 1);
      };
      old.onsuccess = resolve;
    });
    old.result.close();
    const store = open();
    expect(await listed(store)).toEqual([{ id: 1, prompt: 'before' }]);
    expect(await store.add(picture('a'), () => ['line', { at: 1 }])).toBe(2);
    expect(await store.readState('line')).toEqual({ at: 1 });
  });
});
