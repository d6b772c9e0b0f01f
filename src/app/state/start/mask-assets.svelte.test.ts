/** Masks are kept, named and given to the engine as the pictures are that they lie on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { openPage, type TestPage } from '../../testing/page';
import { StartPictures } from './start-pictures.svelte';

let page: TestPage | undefined;
beforeEach(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});
afterEach(async () => {
  await page?.close();
  page = undefined;
});

async function open(options: Parameters<typeof openPage>[1] = {}): Promise<TestPage> {
  page = openPage('0', options);
  await page.studio.start();
  await page.studio.gallery.load();
  await page.studio.line.restore();
  return page;
}

const [PICTURE, MASK] = [plainPicture(90), plainPicture(255)];

describe('a mask', () => {
  it('goes to the engine with its picture, and is missed in a sentence of its own', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const pictures = new StartPictures(memoryAssetStore());
    const [initImage, initMask] = [await pictures.put(PICTURE), await pictures.put(MASK)];
    const images = { [initImage]: PICTURE, [initMask]: MASK };
    expect(await pictures.imagesOf({ initImage, initMask })).toEqual(images);
    expect(await pictures.imagesOf({ initMask }), 'a mask of nothing').toBeUndefined();
    await expect(pictures.imagesOf({ initImage, initMask: 'f'.repeat(64) })).rejects.toThrow(/^The mask is not here/);
  });

  it('is kept between visits, comes back on undo, and stays in the store while something names it', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const assets = memoryAssetStore();
    const [initImage, initMask, nobody] = await Promise.all(
      [PICTURE, MASK, plainPicture(7)].map((one) => assets.put(one)),
    );
    const { studio } = await open({ assets, stored: { initImage, initMask } });
    const { settings, form } = studio;
    expect(settings.toRequest()).toMatchObject({ initImage, initMask });
    expect(settings.toStored()).toMatchObject({ initImage, initMask });
    form.change('Mask removed', () => (settings.initMask = undefined));
    await studio.tidy();
    expect(new Set(assets.kept.keys())).toEqual(new Set([initImage, initMask]));
    expect(nobody).toBeDefined();
    form.undo();
    expect(settings.initMask).toBe(initMask);
  });

  it('is a problem of the form where it is not here; without its picture nobody asks for it', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const assets = memoryAssetStore();
    const initImage = await assets.put(PICTURE);
    const { studio } = await open({ assets, stored: { initImage, initMask: 'f'.repeat(64) } });
    await vi.waitFor(() => expect(studio.settings.problems.initMask).toMatch(/^The mask is not here/));
    studio.settings.initImage = undefined;
    expect(studio.settings.problems.initMask).toBeUndefined();
    expect(studio.settings.toRequest()).not.toHaveProperty('initMask');
  });

  it('comes with a recipe, and its settings with it', async () => {
    const assets = memoryAssetStore();
    const [initImage, initMask] = await Promise.all([PICTURE, MASK].map((one) => assets.put(one)));
    const { studio } = await open({ assets });
    studio.settings.advanced.set('maskBlur', 20);
    const incoming = await studio.inbox.openReader();
    incoming.openText(
      `a cat\nSteps: 4, Sampler: Euler, Seed: 1, Size: 64x64, Denoising strength: 0.5, Init image: ${initImage}, Init mask: ${initMask}, Masking: A1111, Inpaint area: Only masked`,
    );
    incoming.apply();
    expect(studio.settings.toDraft()).toMatchObject({
      ...{ initImage, initMask, maskMode: 'a1111', inpaintArea: 'masked', maskBlur: 0 },
    });
  });
});
