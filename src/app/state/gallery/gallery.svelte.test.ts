import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../core/errors';
import { memoryGalleryStore, type MemoryGalleryStore } from '../../testing/gallery-store';
import { Gallery } from './gallery.svelte';
import type { FinishedPicture } from './gallery-store';

beforeEach(() => {
  let last = 0;
  URL.createObjectURL = vi.fn(() => `blob:${(last += 1)}`);
  URL.revokeObjectURL = vi.fn();
});

const finished = (prompt: string, madeAt = 0): FinishedPicture => ({
  facts: { madeAt, request: { prompt } } as FinishedPicture['facts'],
  file: new Blob([prompt]),
  thumbnail: new Blob([prompt]),
});

async function galleryOf(count: number, store: MemoryGalleryStore = memoryGalleryStore()) {
  const gallery = new Gallery(store);
  for (let i = 1; i <= count; i += 1) await gallery.add(finished(`p${i}`, i));
  return { gallery, store };
}
const ids = (gallery: Gallery) => gallery.pictures.map(({ id }) => id);
const QUOTA = new AppError('quota', 'full');

describe('Gallery', () => {
  it('lists what was kept, newest first, under what was made meanwhile', async () => {
    const { gallery } = await galleryOf(0, memoryGalleryStore([finished('a'), finished('b')]));
    await gallery.add(finished('c'));
    expect(gallery.isLoaded).toBe(false);
    await gallery.load();
    expect([gallery.isLoaded, ids(gallery)]).toEqual([true, [3, 2, 1]]);
    expect([gallery.chosen, gallery.newest?.id], 'only what was made now is looked at').toEqual([undefined, 3]);
  });

  it('shows at once what a mute store is asked to keep, waits once, and keeps it when it answers', async () => {
    vi.useFakeTimers();
    try {
      const store = memoryGalleryStore();
      const answers: (() => void)[] = [];
      const gallery = new Gallery({
        ...store,
        add: (picture) => new Promise<void>((resolve) => answers.push(resolve)).then(() => store.add(picture)),
      });
      const began = Date.now();
      const first = gallery.add(finished('a'));
      await vi.advanceTimersByTimeAsync(400);
      expect(ids(gallery), 'shown').toEqual([-1]);
      await vi.advanceTimersByTimeAsync(5000);
      expect(gallery.trouble?.message).toMatch(/does not answer/);
      expect((await first).id).toBe(-1);
      const settle = vi.fn();
      const second = gallery.add(finished('b'), undefined, settle);
      await vi.advanceTimersByTimeAsync(300);
      await second;
      expect(Date.now() - began, 'waited for once').toBeLessThan(6000);
      await gallery.keepUnkept();
      expect(answers, 'asked once for each').toHaveLength(2);
      expect(settle).not.toHaveBeenCalled();
      for (const answer of answers) answer();
      await vi.advanceTimersByTimeAsync(10);
      expect([ids(gallery), gallery.unkeptCount, gallery.trouble, store.kept.size]).toEqual([[2, 1], 0, undefined, 2]);
      expect([gallery.currentId(-2), settle.mock.calls.length]).toEqual([2, 1]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('walks from the newest to the oldest and back, and stops at both ends', async () => {
    const { gallery } = await galleryOf(3);
    const walk = (by: 1 | -1) => {
      gallery.walk(by);
      return gallery.chosen?.id;
    };
    expect([walk(1), walk(1), walk(1)]).toEqual([2, 1, 1]);
    expect([walk(-1), walk(-1), walk(-1)]).toEqual([2, 3, undefined]);
  });

  it('puts the work under way before the newest picture', async () => {
    const { gallery } = await galleryOf(2);
    gallery.walk(1, true);
    expect(gallery.chosen?.id).toBe(2);
    gallery.walk(-1, true);
    expect(gallery.chosen).toBeUndefined();
  });

  it('does not move what is looked at when a new picture arrives', async () => {
    const { gallery } = await galleryOf(2);
    gallery.choose(1);
    await gallery.add(finished('new'));
    expect(gallery.chosen?.id).toBe(1);
  });

  it('takes pictures out, looks at a neighbour, and brings them back', async () => {
    const { gallery, store } = await galleryOf(4);
    gallery.choose(3);
    await gallery.remove([3, 2]);
    expect([ids(gallery), gallery.chosen?.id, gallery.removed.length]).toEqual([[4, 1], 1, 2]);
    await gallery.bringBack();
    expect([ids(gallery), gallery.removed.length, store.kept.size]).toEqual([[4, 3, 2, 1], 0, 4]);
    expect(store.kept.get(3)?.facts.isRemoved).toBe(false);
  });

  it('forgets for good when asked, when others are taken out, and when the page is opened again', async () => {
    const { gallery, store } = await galleryOf(4);
    await gallery.remove([1]);
    await gallery.remove([2]);
    expect([...store.kept.keys()]).toEqual([2, 3, 4]);
    await gallery.forgetRemoved();
    expect([...store.kept.keys()]).toEqual([3, 4]);
    await gallery.remove([3]);
    const again = new Gallery(store);
    await again.load();
    expect([ids(again), [...store.kept.keys()]]).toEqual([[4], [4]]);
  });

  it('keeps favourites over a reload', async () => {
    const { gallery, store } = await galleryOf(2);
    await gallery.setFavourite([1], true);
    const again = new Gallery(store);
    await again.load();
    expect(again.pictures.map(({ isFavourite }) => isFavourite === true)).toEqual([false, true]);
  });

  it('never loses a picture to a full disk: shows it, says so, keeps it later', async () => {
    const { gallery, store } = await galleryOf(1);
    store.refusal = QUOTA;
    await gallery.add(finished('x'));
    await gallery.add(finished('y'));
    await gallery.setFavourite([-2], true);
    expect([ids(gallery), gallery.trouble?.code, gallery.unkeptCount]).toEqual([[-2, -1, 1], 'quota', 2]);
    expect((await gallery.file(-1))?.size).toBe(1);
    gallery.choose(-1);
    await gallery.keepUnkept();
    expect([gallery.unkeptCount, gallery.trouble?.code]).toEqual([2, 'quota']);
    store.refusal = undefined;
    await gallery.keepUnkept();
    expect([gallery.unkeptCount, gallery.trouble, store.kept.size]).toEqual([0, undefined, 3]);
    expect(gallery.chosen?.request.prompt).toBe('x');
    expect(gallery.pictures[0]).toMatchObject({ request: { prompt: 'y' }, isFavourite: true });
  });

  it('keeps each once where it is asked twice, and leaves out those taken out meanwhile', async () => {
    const { gallery, store } = await galleryOf(0);
    store.refusal = QUOTA;
    for (const prompt of ['x', 'y']) await gallery.add(finished(prompt));
    await gallery.remove([-1]);
    store.refusal = undefined;
    await Promise.all([gallery.keepUnkept(), gallery.keepUnkept()]);
    expect([...store.kept.values()].map(({ facts }) => facts.request.prompt)).toEqual(['y']);
    await gallery.bringBack();
    expect([ids(gallery), (await gallery.file(-1))?.size]).toEqual([[1, -1], 1]);
  });

  it('knows whether it has a picture of a request, once all are listed', async () => {
    const gallery = new Gallery(memoryGalleryStore([finished('a')]));
    const request = (prompt: string) => ({ prompt }) as FinishedPicture['facts']['request'];
    expect(gallery.has(request('a'))).toBe(false);
    await gallery.load();
    expect([gallery.has(request('a')), gallery.has(request('b'))]).toEqual([true, false]);
  });

  it('gives the exact files of new and of kept pictures the name that Save PNG gives, and small ones none', async () => {
    const made = (prompt: string, seed: number): FinishedPicture => {
      const picture = finished(prompt);
      return { ...picture, facts: { ...picture.facts, request: { ...picture.facts.request, seed } } };
    };
    const gallery = new Gallery(memoryGalleryStore([made('A lighthouse', 7)]));
    await gallery.load();
    await gallery.add(made('A red apple', 12));
    gallery.files.get(1);
    await vi.waitFor(() => expect(gallery.files.get(1)).toMatch(/^blob:/));
    const files = vi.mocked(URL.createObjectURL).mock.calls.map(([file]) => file as Blob & { name?: string });
    expect(files.map(({ name }) => name)).toEqual(['gesso-12-a-red-apple.png', undefined, 'gesso-7-a-lighthouse.png']);
    expect(files.map(({ size }) => size)).toEqual([11, 11, 12]);
  });

  it('reads files when they are shown, and frees those least lately shown', async () => {
    const store = memoryGalleryStore(Array.from({ length: 40 }, (_, i) => finished(`p${i}`)));
    const gallery = new Gallery(store);
    await gallery.load();
    for (let id = 1; id <= 40; id += 1) {
      expect(gallery.files.get(id)).toBeUndefined();
      await vi.waitFor(() => expect(gallery.files.get(id)).toMatch(/^blob:/));
      expect(gallery.files.get(1), 'what is shown again and again stays').toMatch(/^blob:/);
    }
    expect(gallery.files.size).toBe(24);
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(16);
  });
});
