import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FinishedPicture } from '../gallery/gallery-store';
import { memoryGalleryStore, type MemoryGalleryStore } from '../../testing/gallery-store';
import { readGrid } from '../grids/grid-draft';
import { infotextOf } from './picture-recipe';
import { openPage, type TestPage } from '../../testing/page';
import { largerRequest } from '../start/enlarge-picture';

/** Reads pixels, which jsdom does not. */
vi.mock('../start/enlarge-picture', () => ({ largerRequest: vi.fn() }));

/** Takes every entry; jsdom's blobs are none that the real one reads. */
vi.mock('client-zip', () => ({
  makeZip: (entries: AsyncIterable<unknown>) =>
    new ReadableStream({
      async start(controller) {
        for await (const entry of entries) expect(entry).toBeDefined();
        controller.close();
      },
    }),
}));

let page: TestPage;
afterEach(() => page.close());
let store: MemoryGalleryStore;
beforeEach(async () => {
  document.body.replaceChildren();
  store = memoryGalleryStore();
  page = openPage('0', { galleryStore: store, stored: { prompt: 'a cat', seed: 7 } });
  await page.studio.start();
});

/** The infotext of each picture, the oldest first, once there are so many. */
async function infotexts(count: number): Promise<string[]> {
  await vi.waitFor(() => expect(page.studio.gallery.pictures).toHaveLength(count));
  return page.studio.gallery.pictures.map(infotextOf).reverse();
}

async function made() {
  page.studio.generate();
  await infotexts(1);
  const [picture] = page.studio.gallery.pictures;
  if (!picture) throw new Error('one was made');
  return picture;
}

describe('keys of a recipe from elsewhere', () => {
  beforeEach(() => (page.studio.settings.extras = { 'Odd key': 'kept' }));

  it('are written into the same with another seed', async () => {
    const picture = await made();
    page.studio.settings.extras = {};
    await page.studio.actions.again(picture);
    expect(await infotexts(2)).toEqual(Array(2).fill(expect.stringContaining('Odd key: kept')));
  });

  it('do not say of a picture that it is the sheet whose recipe it has', async () => {
    const picture = await made();
    await page.studio.actions.useRecipe({
      ...picture,
      isSheet: true,
      infotext: `${infotextOf(picture)}, Script: X/Y/Z plot`,
    });
    expect(page.studio.settings.extras).toEqual({});
  });

  it('are written into every picture that is made forever', async () => {
    page.studio.asking.generateForever();
    await vi.waitFor(() => expect(page.studio.gallery.pictures.length).toBeGreaterThan(2));
    page.studio.cancel();
    for (const picture of page.studio.gallery.pictures) expect(infotextOf(picture)).toContain('Odd key: kept');
  });

  it('are written into the pictures of a grid', async () => {
    const { models } = page.studio;
    vi.spyOn(page.studio.grids, 'finish').mockResolvedValue();
    page.studio.asking.generateGrid((request) => readGrid([{ id: 'seed', text: '1, 2' }], models, request));
    expect(await infotexts(2)).toEqual(Array(2).fill(expect.stringContaining('Odd key: kept')));
  });
});

describe('PictureActions', () => {
  it.each(['save', 'share', 'saveAs'] as const)('%s says so where the file is gone or cannot be read', async (verb) => {
    const { actions, gallery } = page.studio;
    const picture = await made();
    store.kept.clear();
    await actions[verb](picture, 'image/jpeg');
    expect(page.studio.said).toMatch(/cannot be read.*deleted in another tab/);
    vi.spyOn(gallery, 'file').mockRejectedValue(new Error('The disk went away.'));
    await actions[verb](picture, 'image/jpeg');
    expect(page.studio.said).toMatch(/cannot be read.*The disk went away\./);
  });

  it('says what of its recipe a larger one is made without', async () => {
    const picture = await made();
    const { request } = picture;
    vi.mocked(largerRequest).mockResolvedValueOnce({ request, without: 'the refiner other' });
    await page.studio.actions.enlarge(picture, 'second');
    expect(page.studio.said).toBe('In line: the same, larger and painted over, without the refiner other');
    vi.mocked(largerRequest).mockResolvedValueOnce({ request });
    await page.studio.actions.enlarge(picture, 'tiles');
    expect(page.studio.said).toBe('In line: the same, larger and painted over tile by tile');
  });

  it('says how many pictures a ZIP file lacks', async () => {
    const picture = await made();
    const [kept] = [...store.kept.values()];
    const other = await page.studio.gallery.add(kept as FinishedPicture);
    store.kept.delete(picture.id);
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    await page.studio.actions.saveZip([picture, other]);
    expect(click).toHaveBeenCalledOnce();
    expect(page.studio.said).toMatch(/^1 of 2 pictures are not in the ZIP file/);
  });
});
