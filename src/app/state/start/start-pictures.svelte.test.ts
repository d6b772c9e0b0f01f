import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pixelHash } from '../../../core/image/pixel-hash';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { memoryGalleryStore } from '../../testing/gallery-store';
import { memoryStore, openPage, type TestPage } from '../../testing/page';
import { readGrid } from '../grids/grid-draft';
import { StartPictures } from './start-pictures.svelte';

const PICTURE = plainPicture(90);
const HASH = pixelHash(PICTURE);

vi.mock('./read-start-picture', () => ({
  readStartPicture: (file: Blob & { name?: string }) =>
    file.name === 'broken.png'
      ? Promise.reject(new Error('broken.png is broken.'))
      : Promise.resolve({ pixels: PICTURE, note: file.name === 'huge.png' ? 'Made smaller.' : undefined }),
}));

let page: TestPage | undefined;
beforeEach(() => {
  document.body.replaceChildren();
  HTMLCanvasElement.prototype.getContext = () => null;
});
afterEach(async () => {
  await page?.close();
  page = undefined;
});

const file = (name = 'a.png') => new File(['x'], name);

async function open(options: Parameters<typeof openPage>[1] = {}): Promise<TestPage> {
  page = openPage('0', options);
  await page.studio.start();
  await page.studio.gallery.load();
  await page.studio.line.restore();
  return page;
}

describe('StartPictures', () => {
  it('gives the engine the picture that a request names, and says where it is not here', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const pictures = new StartPictures(memoryAssetStore());
    expect(await pictures.imagesOf({})).toBeUndefined();
    const hash = await pictures.put(PICTURE);
    expect(await pictures.imagesOf({ initImage: hash })).toEqual({ [hash]: PICTURE });
    await expect(pictures.imagesOf({ initImage: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'missing-picture' });
  });

  it('does not call missing what comes while it is looked for', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const store = memoryAssetStore();
    let answer: (found: undefined) => void = () => undefined;
    store.get = () => new Promise((resolve) => (answer = resolve));
    const pictures = new StartPictures(store);
    expect(pictures.look(HASH)).toBeUndefined();
    await Promise.resolve();
    expect(await pictures.keep(PICTURE)).toBe(HASH);
    answer(undefined);
    await vi.waitFor(() => expect(pictures.look(HASH)).toMatchObject({ width: 8, height: 8 }));
    expect(pictures.isMissing(HASH)).toBe(false);
  });

  it('keeps what is named and what was put a moment ago, and lets the rest go', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const store = memoryAssetStore();
    let now = 0;
    const pictures = new StartPictures(store, () => now);
    const old = await store.put(plainPicture(1)); // of another visit
    const [named, fresh] = [await pictures.put(PICTURE), await pictures.put(plainPicture(2))];
    await pictures.sweep(() => new Set([named]));
    expect([...store.kept.keys()]).toEqual([named, fresh]);
    now = 60_001;
    await pictures.sweep(() => new Set([named]));
    expect([...store.kept.keys()]).toEqual([named]);
    expect(old).not.toBe(named);
  });

  it('lets nothing go that is put while the others go, though it was here before', async () => {
    const store = memoryAssetStore();
    const hash = await store.put(PICTURE); // of another visit
    const { keys, put } = store;
    let listed: () => void = () => undefined;
    store.keys = () => new Promise((resolve) => (listed = () => void keys().then(resolve)));
    let finish: () => void = () => undefined;
    store.put = async (pixels) => {
      const found = await put(pixels); // it is here: nothing is written
      await new Promise<void>((resolve) => (finish = resolve));
      return found;
    };
    const pictures = new StartPictures(store);
    const swept = pictures.sweep(() => new Set());
    const kept = pictures.keep(PICTURE);
    listed();
    await new Promise((resolve) => setTimeout(resolve, 5));
    finish();
    expect(await kept).toBe(hash);
    await swept;
    expect(await pictures.pixels(hash)).toBeDefined();
  });

  it('lets nothing go that waits to be put while another sweep begins', async () => {
    const store = memoryAssetStore();
    const hash = await store.put(PICTURE); // of another visit
    await store.put(plainPicture(1));
    const { remove } = store;
    const finish: (() => void)[] = [];
    store.remove = async (hashes) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      await remove(hashes);
    };
    const pictures = new StartPictures(store);
    const named = new Set([hash]);
    const first = pictures.sweep(() => named);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const kept = pictures.keep(PICTURE);
    const second = pictures.sweep(() => new Set());
    await new Promise((resolve) => setTimeout(resolve, 5));
    finish.shift()?.();
    await first;
    expect(await kept).toBe(hash);
    await new Promise((resolve) => setTimeout(resolve, 5));
    finish.shift()?.();
    await second;
    expect(await pictures.pixels(hash)).toBeDefined();
  });

  it('names what is kept when it lets the rest go, not before', async () => {
    const store = memoryAssetStore();
    const hash = await store.put(PICTURE);
    const named = new Set<string>();
    const { keys } = store;
    store.keys = () => keys().then((all) => (named.add(hash), all));
    await new StartPictures(store).sweep(() => named);
    expect([...store.kept.keys()]).toEqual([hash]);
  });

  it('has what is lent until something else is, whatever is put and asked for meanwhile', async () => {
    const store = memoryAssetStore();
    const pictures = new StartPictures(store);
    const others = await Promise.all([1, 2, 3].map((level) => store.put(plainPicture(level))));
    pictures.lend({ lent: PICTURE });
    for (const level of [4, 5, 6]) await pictures.keep(plainPicture(level));
    for (const initImage of others) await pictures.imagesOf({ initImage });
    expect(await pictures.imagesOf({ initImage: 'lent' })).toEqual({ lent: PICTURE });
    pictures.lend({});
    await pictures.imagesOf({ initImage: others[0] });
    await expect(pictures.imagesOf({ initImage: 'lent' })).rejects.toMatchObject({ code: 'missing-picture' });
  });
});

describe('the form', () => {
  it('takes a picture, asks the engine with it, and keeps it between visits', async () => {
    const { studio, engine, store, assets } = await open();
    const generate = vi.spyOn(engine, 'generate');
    expect(await studio.starting.fromFile(file('huge.png'), true)).toBe(true);
    expect([studio.settings.initImage, studio.starting.note]).toEqual([HASH, 'Made smaller.']);
    studio.generate();
    await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(1));
    const [request, , , inputs] = generate.mock.calls[0] ?? [];
    expect([request?.initImage, inputs]).toEqual([HASH, { images: { [HASH]: PICTURE } }]);
    expect(studio.gallery.pictures[0]?.recipe).toMatchObject({ initImage: HASH, denoisingStrength: 0.75 });
    studio.save();
    const stored = JSON.parse(JSON.stringify(store.read())) as Record<string, unknown>;
    await page?.close();
    const again = await open({ stored, assets });
    expect(again.studio.settings.initImage).toBe(HASH);
    await vi.waitFor(() => expect(again.studio.starting.look).toMatchObject({ width: 8, height: 8 }));
    expect(again.studio.settings.problems.initImage).toBeUndefined();
  });

  it('takes it back and brings it back, and says what is wrong where it was chosen', async () => {
    const { studio } = await open();
    await studio.starting.fromFile(file());
    studio.starting.remove();
    expect(studio.settings.initImage).toBeUndefined();
    studio.form.undo();
    expect(studio.settings.initImage).toBe(HASH);
    studio.form.undo();
    expect(studio.settings.initImage).toBeUndefined();
    expect(await studio.starting.fromFile(file('broken.png'), true)).toBe(false);
    expect([studio.starting.problem, studio.said]).toEqual(['broken.png is broken.', undefined]);
    await studio.starting.fromFile(file('broken.png'));
    expect(studio.said).toBe('broken.png is broken.');
  });

  it('does not begin without the picture that it names, and begins with another', async () => {
    const { studio } = await open({ stored: { initImage: 'f'.repeat(64) } });
    await vi.waitFor(() => expect(studio.settings.problems.initImage).toMatch(/is not here: choose it/));
    expect(studio.generate()).toBe('initImage');
    expect(studio.asking.complaint).toMatch(/is not here/);
    await studio.starting.fromFile(file());
    expect(studio.generate()).toBeUndefined();
  });

  it('starts from a picture of the gallery in a size that the model paints, and keeps the strength', async () => {
    const { studio } = await open();
    studio.generate();
    await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(1));
    studio.settings.useModel('large');
    studio.settings.advanced.set('denoisingStrength', 0.3);
    studio.galleryView.isOpen = true;
    const [picture] = studio.gallery.pictures;
    if (picture) await studio.actions.startFrom(picture);
    const { initImage, width, height } = studio.settings;
    expect([initImage, width, height, studio.galleryView.isOpen]).toEqual([HASH, 256, 256, false]);
    expect(studio.settings.toRequest()).toMatchObject({ initImage: HASH, denoisingStrength: 0.3 });
  });

  it('varies the strength along an axis, where there is a picture', async () => {
    const { studio } = await open();
    const rows = [{ id: 'denoisingStrength', text: '0.2, 0.6' }];
    const read = () => readGrid(rows, studio.models, studio.settings.toDraft());
    expect(read()).toMatch(/^Denoising changes nothing without a picture/);
    await studio.starting.fromFile(file());
    expect(read()).toMatchObject({ axes: [{ values: [{ change: { denoisingStrength: 0.2 } }, {}] }] });
  });
});

describe('what comes in', () => {
  const text = (more: string) =>
    `a dog\nSteps: 4, Sampler: Euler, CFG scale: 4, Seed: 12, Size: 64x64${more}, Version: gesso-0.1.0`;

  it('names the picture of a recipe, with its strength even where that is the default', async () => {
    const { studio } = await open();
    studio.settings.advanced.set('denoisingStrength', 0.2);
    const incoming = await studio.inbox.openReader();
    incoming.openText(text(`, Denoising strength: 0.75, Init image: ${HASH}`));
    expect(incoming.changes.find(({ key }) => key === 'initImage')).toMatchObject({ from: 'noise', to: 'a picture' });
    expect(incoming.notes.map(({ message }) => message).join(' ')).not.toContain('does not hold');
    incoming.apply();
    expect(studio.settings.toDraft()).toMatchObject({ initImage: HASH, seed: 12 });
    expect(studio.settings.advanced.get('denoisingStrength')).toBe(0.75);
    incoming.openText(text(''));
    expect(incoming.changes.find(({ key }) => key === 'initImage')).toMatchObject({ to: 'noise' });
    incoming.apply();
    expect(studio.settings.initImage).toBeUndefined();
    studio.form.undo();
    expect(studio.settings.initImage).toBe(HASH);
  });

  it('leaves the form’s picture where a recipe was made from one that it does not hold', async () => {
    const { studio } = await open({ stored: { initImage: HASH } });
    const incoming = await studio.inbox.openReader();
    incoming.openText(text(', Denoising strength: 0.4'));
    incoming.apply();
    expect(studio.settings.toDraft()).toMatchObject({ initImage: HASH, denoisingStrength: 0.4 });
  });

  it('offers to start from a picture that holds no recipe', async () => {
    const { studio } = await open();
    const incoming = await studio.inbox.openReader();
    incoming.open(undefined, file(), { why: 'a.png holds nothing.' });
    expect([incoming.isOpen, incoming.hasRecipe, incoming.changes]).toEqual([true, false, []]);
    await incoming.startFromIt();
    expect([incoming.isOpen, studio.settings.initImage]).toEqual([false, HASH]);
  });
});

describe('tidying up', () => {
  it('never takes what the form, undo, the line or the gallery names', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const assets = memoryAssetStore();
    const [form, line, gallery, nobody] = await Promise.all(
      [3, 4, 5, 6].map((level) => assets.put(plainPicture(level))),
    );
    const galleryStore = memoryGalleryStore();
    const { studio: first } = await open({ assets, galleryStore });
    first.settings.initImage = gallery;
    first.generate();
    await vi.waitFor(() => expect(galleryStore.kept.size).toBe(1));
    const request = { ...first.settings.toRequest(), initImage: line };
    await page?.close();
    const { studio } = await open({
      assets,
      stored: { initImage: form },
      galleryStore,
      queueStore: memoryStore({ jobs: [{ request, count: 1, done: 0 }] }),
    });
    await studio.tidy();
    expect(new Set(assets.kept.keys())).toEqual(new Set([form, line, gallery]));
    expect(nobody).toBeDefined();
    studio.starting.remove(); // can be undone
    await studio.tidy();
    expect(assets.kept.has(form ?? '')).toBe(true);
    // What was deleted can be brought back until it is forgotten.
    await studio.gallery.remove([1]);
    await studio.tidy();
    expect(assets.kept.has(gallery ?? '')).toBe(true);
    await studio.gallery.forgetRemoved();
    await studio.tidy();
    expect(assets.kept.has(gallery ?? '')).toBe(false);
  });
});
