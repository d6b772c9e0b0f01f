import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gallery } from '../../state/gallery/gallery.svelte';
import type { FinishedPicture } from '../../state/gallery/gallery-store';
import { KEPT_PICTURES } from '../../state/pictures/picture';
import { memoryGalleryStore } from '../../testing/gallery-store';
import { click } from '../../testing/page';
import RemovedNote from './RemovedNote.svelte';

const finished = (): FinishedPicture => ({
  facts: KEPT_PICTURES.stamp({ madeAt: 0 } as FinishedPicture['facts']),
  file: new Blob(),
  thumbnail: new Blob(),
});

let close = (): Promise<void> => Promise.resolve();
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await close();
  vi.useRealTimers();
});

async function open() {
  const gallery = new Gallery(memoryGalleryStore([finished(), finished(), finished()]));
  await gallery.load();
  const note = mount(RemovedNote, { target: document.body, props: { gallery } });
  close = () => unmount(note);
  const remove = async (id: number) => {
    await gallery.remove([id]);
    flushSync();
  };
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    flushSync();
  };
  return { gallery, remove, pass };
}

it('gives the second of two deletions the whole time, too', async () => {
  const { gallery, remove, pass } = await open();
  await remove(1);
  await pass(14_000);
  await remove(2);
  await pass(14_000);
  expect(gallery.removed.map(({ id }) => id)).toEqual([2]);
  await pass(1_000);
  expect(gallery.removed).toEqual([]);
});

it('goes away again after its Undo was pressed with the pointer on it', async () => {
  const { gallery, remove, pass } = await open();
  await remove(1);
  document.querySelector('.note')?.dispatchEvent(new Event('pointerenter'));
  await pass(60_000);
  expect(gallery.removed, 'held while it is read').toHaveLength(1);
  click('Undo');
  await remove(2);
  await pass(15_000);
  expect(gallery.removed).toEqual([]);
});
