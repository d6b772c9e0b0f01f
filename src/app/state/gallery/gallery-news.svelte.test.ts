/** Two tabs with one gallery: what one does is seen in the other, and what that one looks at stays. */
import { describe, expect, it } from 'vitest';
import { memoryGalleryStore } from '../../testing/gallery-store';
import { tellingStore, type GalleryNews } from './gallery-news';
import type { FinishedPicture } from './gallery-store';
import { Gallery } from './gallery.svelte';

const finished = (madeAt: number): FinishedPicture => ({
  facts: { madeAt, width: 8, height: 8, request: { seed: madeAt, prompt: '' } } as FinishedPicture['facts'],
  file: new Blob(['png']),
  thumbnail: new Blob(['webp']),
});

async function twoTabs() {
  const kept = memoryGalleryStore([finished(1), finished(2), finished(3)]);
  const crossed = (news: GalleryNews): GalleryNews => structuredClone(news);
  const here: Gallery = new Gallery(tellingStore(kept, (news) => there.take(crossed(news))));
  const there: Gallery = new Gallery(tellingStore(kept, (news) => here.take(crossed(news))));
  await Promise.all([here.load(), there.load()]);
  const ids = (gallery: Gallery): number[] => gallery.pictures.map(({ id }) => id);
  return { kept, here, there, ids };
}

describe('two tabs', () => {
  it('show what either of them makes, the newest first, and keep what they look at', async () => {
    const { here, there, ids } = await twoTabs();
    there.choose(2);
    await here.add(finished(4));
    expect(ids(here)).toEqual([4, 3, 2, 1]);
    expect(ids(there)).toEqual([4, 3, 2, 1]);
    expect([here.newest?.id, there.chosen?.id, there.newest?.id]).toEqual([4, 2, 3]);
  });

  it('offer to bring back nothing that the other has let go of', async () => {
    const { here, there, ids } = await twoTabs();
    await here.remove([2, 3]);
    here.take({ type: 'removed', ids: [2] });
    expect(here.removed.map(({ id }) => id)).toEqual([3]);
    await here.bringBack();
    expect([ids(here), ids(there)]).toEqual([
      [3, 1],
      [3, 1],
    ]);
  });

  it('leave to the first what it can still bring back when the second is opened', async () => {
    const { kept, here, ids } = await twoTabs();
    await here.remove([2]);
    const later: Gallery = new Gallery(kept);
    await later.load(false);
    expect(ids(later)).toEqual([3, 1]);
    expect(await kept.file(2)).toBeDefined();
    later.take({ type: 'changed', ids: [2], change: { isRemoved: false } });
    expect(ids(later)).toEqual([3, 2, 1]);
  });

  it('share favourites', async () => {
    const { here, there } = await twoTabs();
    await here.setFavourite([2], true);
    expect(there.pictures.map(({ isFavourite }) => isFavourite ?? false)).toEqual([false, true, false]);
  });

  it('take out what the other takes out, bring it back with it, and look at what stays', async () => {
    const { here, there, ids } = await twoTabs();
    there.choose(2);
    await here.remove([2, 3]);
    expect(ids(there)).toEqual([1]);
    expect([there.chosen?.id, there.removed]).toEqual([1, []]);
    await here.bringBack();
    expect(ids(there)).toEqual([3, 2, 1]);
    await here.remove([1]);
    await here.forgetRemoved();
    expect(ids(there)).toEqual([3, 2]);
    expect(await there.file(1)).toBeUndefined();
  });
});
