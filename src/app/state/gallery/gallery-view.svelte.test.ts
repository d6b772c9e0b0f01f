import { beforeEach, describe, expect, it } from 'vitest';
import { memoryGalleryStore } from '../../testing/gallery-store';
import { GalleryView } from './gallery-view.svelte';
import { Gallery } from './gallery.svelte';
import type { FinishedPicture } from './gallery-store';
import { findPictures } from './search-pictures';

beforeEach(() => {
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
});

const finished = (prompt: string, seed: number): FinishedPicture => ({
  facts: {
    madeAt: seed,
    modelName: 'Starter',
    request: { prompt, negativePrompt: 'blurry', seed, sampler: 'euler_ancestral' },
  } as unknown as FinishedPicture['facts'],
  file: new Blob(['x']),
  thumbnail: new Blob(['x']),
});

async function viewOf(prompts: string[]) {
  const gallery = new Gallery(memoryGalleryStore(prompts.map((prompt, i) => finished(prompt, i + 1))));
  await gallery.load();
  const view = new GalleryView(gallery);
  view.find = findPictures;
  return { gallery, view };
}
const ids = (view: GalleryView) => view.pictures.map(({ id }) => id);

describe('GalleryView', () => {
  it.each([
    ['cat', [3, 1]],
    ['CAT red', [1]],
    ['cafe', [4]],
    ['starter euler', [4, 3, 2, 1]],
    ['blurry', [4, 3, 2, 1]],
    ['  ', [4, 3, 2, 1]],
    ['fish', []],
  ])('finds by %j', async (query, expected) => {
    const { view } = await viewOf(['a red cat', 'a dog', 'a blue cat', 'Café']);
    view.query = query;
    expect(ids(view)).toEqual(expected);
  });

  it('finds a picture by its seed', async () => {
    const { view } = await viewOf(['a', 'b']);
    view.query = '2';
    expect(ids(view)).toEqual([2]);
  });

  it('shows favourites alone', async () => {
    const { view, gallery } = await viewOf(['a', 'b', 'c']);
    await view.toggleFavourite(gallery.pictures.slice(0, 2));
    view.onlyFavourites = true;
    expect(ids(view)).toEqual([3, 2]);
    await view.toggleFavourite(gallery.pictures.slice(0, 1));
    expect(ids(view)).toEqual([2]);
  });

  it('selects one by one, in ranges and all, and only what is shown counts', async () => {
    const { view } = await viewOf(['a cat', 'a dog', 'a cat', 'a cow', 'a cat']);
    view.toggle(5);
    view.selectTo(2);
    expect(view.selected.map(({ id }) => id)).toEqual([5, 4, 3, 2]);
    view.query = 'cat';
    expect(view.selected.map(({ id }) => id)).toEqual([5, 3]);
    view.compare();
    expect(view.compared?.map(({ id }) => id)).toEqual([3, 5]);
    view.toggle(5);
    view.toggle(3);
    view.clearSelection();
    view.selectAll();
    expect(view.selected).toHaveLength(3);
  });

  it('selects one alone where the one touched last is not shown any more', async () => {
    const { view, gallery } = await viewOf(['a', 'b', 'c', 'd']);
    view.toggle(2);
    await view.remove(gallery.pictures.filter(({ id }) => id === 2));
    view.selectTo(1);
    expect(view.selected.map(({ id }) => id)).toEqual([1]);
  });

  it('leaves selecting with the last one', async () => {
    const { view } = await viewOf(['a']);
    view.toggle(1);
    expect(view.isSelecting).toBe(true);
    view.toggle(1);
    expect(view.isSelecting).toBe(false);
  });

  it('walks the large picture within what is shown, and deletes it for its neighbour', async () => {
    const { view, gallery } = await viewOf(['a cat', 'a dog', 'a cat', 'a cat']);
    view.query = 'cat';
    view.largeId = 4;
    view.step(-1);
    expect(view.largeId).toBe(4);
    view.step(1);
    view.step(1);
    expect(view.largeId).toBe(1);
    view.step(1);
    expect(view.largeId).toBe(1);
    view.largeId = 3;
    if (view.large) await view.remove([view.large]);
    expect(view.largeId).toBe(1);
    if (view.large) await view.remove([view.large]);
    expect(view.largeId).toBe(4);
    if (view.large) await view.remove([view.large]);
    expect([view.largeId, gallery.removed.length]).toEqual([undefined, 1]);
  });
});
