/** What the gallery's menu does with the whole page: what comes back, what stays, what Undo takes back. */
import { beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../core/errors';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { CATALOG } from '../../testing/catalog';
import { createFakeBench } from '../../testing/fake-bench';
import { createFakeEngine } from '../../testing/fake-engine';
import { createFakeLibrary } from '../../testing/fake-library';
import { memoryGalleryStore } from '../../testing/gallery-store';
import type { FinishedPicture } from '../gallery/gallery-store';
import { Studio } from '../studio.svelte';

// Those of jsdom cannot be read; in their place before what writes archives sees them.
const readable = await import('node:buffer');
vi.stubGlobal('Blob', readable.Blob);
vi.stubGlobal('File', readable.File);
const saved = vi.hoisted((): Blob[] => []);
vi.mock('../pictures/zip-pictures', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../pictures/zip-pictures')>()),
  saveZipEntries: async (all: Parameters<typeof import('client-zip').makeZip>[0]) => {
    const { makeZip } = await import('client-zip');
    saved.push(new Blob([await new Response(makeZip(all)).arrayBuffer()]));
  },
}));
const { archiveOf } = await import('./archive.svelte');

beforeEach(() => {
  saved.length = 0;
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
});

const finished = (seed: number, initImage?: string): FinishedPicture => ({
  facts: {
    ...{ madeAt: seed * 1000, width: 64, height: 64, modelName: 'Small', device: {}, timings: {}, notices: [] },
    request: { prompt: `picture ${seed}`, negativePrompt: '', seed, ...(initImage && { initImage }) },
    recipe: { prompt: `picture ${seed}`, negativePrompt: '' },
  } as unknown as FinishedPicture['facts'],
  file: new Blob([`file ${seed}`]),
  thumbnail: new Blob([`small ${seed}`]),
});

function store(values: Record<string, unknown> = {}) {
  let kept = values;
  return { read: () => kept, write: (next: Record<string, unknown>) => void (kept = next) };
}

function wordStore(values: Record<string, unknown> = {}) {
  const kept = new Map(Object.entries(values));
  const change = (puts: readonly (readonly [string, unknown])[]): Promise<void> => {
    for (const [key, value] of puts) kept.set(key, value);
    return Promise.resolve();
  };
  return { kept, get: <T>(key: string) => Promise.resolve(kept.get(key) as T | undefined), change };
}

async function open(pictures: FinishedPicture[] = [], assetStore = memoryAssetStore(), words = wordStore()) {
  const galleryStore = memoryGalleryStore(pictures);
  const studio = new Studio({
    api: createFakeEngine('0'),
    bench: createFakeBench(),
    catalog: CATALOG,
    store: store(),
    library: { api: createFakeLibrary(), store: store() },
    ...{ galleryStore, assetStore, queueStore: store(), shelfStore: store() },
    openWordStore: () => Promise.resolve(words),
    baseUrl: 'http://localhost/',
    version: 'gesso-test',
  });
  await studio.gallery.load();
  return { studio, archive: archiveOf(studio), galleryStore, assetStore };
}

/** A backup of a page with pictures, settings, styles, and a picture that they start from. */
async function backUp() {
  const assets = memoryAssetStore();
  const [start, ofForm] = [await assets.put(plainPicture(1)), await assets.put(plainPicture(2))];
  const { studio, archive } = await open([finished(1, start), finished(2)], assets);
  Object.assign(studio.settings, {
    prompt: 'theirs',
    steps: 9,
    provider: 'wasm',
    gpuMemory: '8 GB',
    initMask: undefined,
  });
  studio.settings.initImage = ofForm;
  studio.settings.mine = {
    small: { fields: { steps: 5 }, batchCount: 1, advanced: {} },
    large: { fields: {}, batchCount: 4, advanced: {} },
  };
  studio.shelf.keepStyle({ name: 'both', prompt: 'theirs', negativePrompt: '' });
  studio.shelf.keepStyle({ name: 'new', prompt: 'theirs', negativePrompt: '' });
  studio.shelf.remember({ prompt: 'used there', negativePrompt: '' });
  await archive.backUp();
  expect(studio.said).toBe('Backup made: 2 pictures, what they start from, styles and settings; models are not in it.');
  return { zip: saved[0] as Blob, start, ofForm };
}

const formOf = ({ settings, shelf, gallery }: Studio) => ({
  ...{ form: settings.toStored(), extras: settings.extras },
  ...{ styles: shelf.styles, recent: shelf.recent, pictures: gallery.pictures.map(({ request }) => request.seed) },
});

it('brings back the form whole and all else beside what is here, and one Undo takes it all back', async () => {
  const { zip, start, ofForm } = await backUp();
  const { studio, archive, assetStore } = await open([finished(3)]);
  const mask = await assetStore.put(plainPicture(7));
  Object.assign(studio.settings, { prompt: 'ours', provider: 'webgpu', gpuMemory: '24 GB', batchCount: 3 });
  Object.assign(studio.settings, { initImage: mask, initMask: mask, extras: { Key: 'ours' } });
  studio.settings.advanced.set('clipSkip', 2);
  const ours = { fields: { steps: 2 }, batchCount: 2, advanced: {} };
  studio.settings.mine = { small: ours };
  studio.shelf.keepStyle({ name: 'both', prompt: 'ours', negativePrompt: '' });
  studio.shelf.remember({ prompt: 'used here', negativePrompt: '' });
  const before = formOf(studio);

  await archive.restore(zip);
  const { settings, shelf, gallery } = studio;
  expect(settings).toMatchObject({ prompt: 'theirs', steps: 9, initImage: ofForm, initMask: undefined, extras: {} });
  expect(settings).toMatchObject({ provider: 'webgpu', gpuMemory: '24 GB' });
  expect(settings.advanced.get('clipSkip')).not.toBe(2);
  expect(settings.mine['small']).toEqual(ours);
  expect(settings.mine['large']?.batchCount).toBe(4);
  expect(shelf.styles.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual(['both: ours', 'new: theirs']);
  expect(shelf.recent.map(({ prompt }) => prompt)).toEqual(['used here', 'used there']);
  expect(gallery.pictures.map(({ request }) => request.seed)).toEqual([3, 2, 1]);
  expect([await assetStore.get(start), await assetStore.get(ofForm)]).toEqual([plainPicture(1), plainPicture(2)]);
  expect(studio.offers.current?.words).toBe('Restored: 2 pictures, styles and settings.');
  expect(studio.form.news).toBeUndefined();

  studio.offers.takeBack();
  expect(formOf(studio)).toEqual(before);
});

it('takes back what came and nothing that was changed since', async () => {
  const { zip } = await backUp();
  const { studio, archive } = await open();
  const { settings, shelf } = studio;
  settings.prompt = 'ours';
  shelf.remember({ prompt: 'used here', negativePrompt: '' });
  await archive.restore(zip);
  Object.assign(settings, { negativePrompt: 'later', width: 96 });
  settings.advanced.set('clipSkip', 3);
  settings.mine = { ...settings.mine, own: { fields: {}, batchCount: 2, advanced: {} } };
  shelf.keepStyle({ name: 'new', prompt: 'changed', negativePrompt: '' });
  shelf.remember({ prompt: 'used later', negativePrompt: '' });

  studio.offers.takeBack();
  expect(settings).toMatchObject({ prompt: 'ours', negativePrompt: 'later', width: 96, initImage: undefined });
  expect(settings.steps).not.toBe(9);
  expect(settings.advanced.get('clipSkip')).toBe(3);
  expect(Object.keys(settings.mine)).toEqual(['own']);
  expect(shelf.styles.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual(['new: changed']);
  expect(shelf.recent.map(({ prompt }) => prompt)).toEqual(['used later', 'used here']);
});

it('leaves a picture and its mask together when what came is taken back', async () => {
  const { zip } = await backUp();
  const { studio, archive } = await open();
  const { settings } = studio;
  Object.assign(settings, { initImage: 'a'.repeat(64), initMask: 'b'.repeat(64) });
  await archive.restore(zip);
  settings.initImage = 'c'.repeat(64);
  studio.offers.takeBack();
  expect(settings).toMatchObject({ initImage: 'c'.repeat(64), initMask: undefined });
});

it('has the layers of sketches in it', async () => {
  const { SketchStore } = await import('../canvas/sketch-store');
  const [words, assets] = [wordStore(), memoryAssetStore()];
  const start = await assets.put(plainPicture(1));
  const layers = { base: plainPicture(5), layer: plainPicture(6) };
  await new SketchStore(words).put(start, layers);
  const theirs = await open([finished(1, start)], assets, words);
  await theirs.archive.backUp();
  const here = wordStore();
  const { archive } = await open([], undefined, here);
  await archive.restore(saved[0] as Blob);
  expect(await new SketchStore(here).get(start)).toEqual(layers);
});

const RED = { name: 'red', count: 5, aliases: ['crimson'] };

it('has lists of words, tags and their switches in it: those that are here stay, and Undo takes out what came', async () => {
  const lists = { colours: ['red', 'blue'], 'animals/small': ['cat'] };
  const theirs = await open([], undefined, wordStore({ lists, tags: [RED], isQuiet: true }));
  await theirs.archive.backUp();
  expect(theirs.studio.said).toContain('what they start from, styles, words and settings');

  const here = wordStore({ lists: { colours: ['green'] } });
  const { studio, archive } = await open([], undefined, here);
  await archive.restore(saved[0] as Blob);
  const { words } = studio.drawing;
  expect([words?.lists, words?.tags]).toEqual([{ colours: ['green'], 'animals/small': ['cat'] }, [RED]]);
  expect([words?.draws, words?.completes]).toEqual([true, false]);
  expect(here.kept.get('lists')).toEqual(words?.lists);
  expect(studio.offers.current?.words).toBe(
    'Restored: 0 pictures, styles and settings. 1 list of words came. 1 tag came.',
  );
  studio.offers.takeBack();
  expect([words?.lists, words?.tags, words?.completes]).toEqual([{ colours: ['green'] }, [], true]);
  expect([here.kept.get('lists'), here.kept.get('tags')]).toEqual([{ colours: ['green'] }, []]);
});

it('neither makes a backup without the words that cannot be read, nor writes others over them', async () => {
  const theirs = await open([], undefined, wordStore({ lists: { colours: ['red'] } }));
  await theirs.archive.backUp();
  const lists = { animals: ['cat'] };
  const broken = wordStore({ lists });
  const { studio, archive } = await open([], undefined, { ...broken, get: () => Promise.reject(new Error('gone')) });
  await archive.restore(saved[0] as Blob);
  expect(studio.said).toContain('The lists of words could not be read.');
  expect(broken.kept.get('lists')).toEqual(lists);
  await archive.backUp();
  expect(saved).toHaveLength(1);
});

it('keeps the lists that another tab has added meanwhile', async () => {
  const theirs = await open([], undefined, wordStore({ lists: { colours: ['red'] } }));
  await theirs.archive.backUp();
  const shared = wordStore();
  const { studio, archive } = await open([], undefined, shared);
  await studio.drawing.open();
  shared.kept.set('lists', { animals: ['cat'] });
  await archive.restore(saved[0] as Blob);
  expect(shared.kept.get('lists')).toEqual({ animals: ['cat'], colours: ['red'] });
});

it('leaves words as they are where a backup has none, as those of older versions', async () => {
  const { zip } = await backUp();
  const words = wordStore({ lists: { colours: ['green'] }, tags: [RED] });
  const { studio, archive } = await open([], undefined, words);
  await archive.restore(zip);
  expect(studio.gallery.pictures).toHaveLength(2);
  expect([words.kept.get('lists'), words.kept.get('tags')]).toEqual([{ colours: ['green'] }, [RED]]);
});

it('takes only what is sound of words, and no more lists than are kept', async () => {
  const { readWords, takeWords, wordsFile } = await import('./word-file');
  const { Words } = await import('../words/words.svelte');
  expect(wordsFile(new Words()), 'nothing that a new page has not').toBeUndefined();
  expect([readWords(undefined), readWords('{'), readWords('[]')]).toEqual([undefined, undefined, undefined]);
  const odd = { version: 1, lists: { a: ['x'], b: 'y', c: [1], d: [] }, tags: [RED, { name: 1 }, null], draws: 'no' };
  expect(readWords(JSON.stringify(odd))).toEqual({ lists: { a: ['x'] }, tags: [RED] });
  const words = new Words();
  const taken = await takeWords({ lists: { a: ['x'.repeat(20_000_001)] }, tags: [] }, words);
  expect(words.lists).toEqual({});
  expect(taken.words).toContain('20 MB that are kept: they are left out');
});

it('has settings and styles where the disk is full, and says how many pictures came', async () => {
  const { zip } = await backUp();
  const { studio, archive, galleryStore } = await open();
  const add = galleryStore.add.bind(galleryStore);
  galleryStore.add = (picture, beside) => {
    const isFull = galleryStore.kept.size === 1;
    return isFull ? Promise.reject(new AppError('quota', 'The disk is full.')) : add(picture, beside);
  };
  await archive.restore(zip);
  expect(studio.offers.current?.words).toBe(
    'Restored: 1 picture of 2, styles and settings. Then it ended: The disk is full.',
  );
  expect(studio.settings.prompt).toBe('theirs');
  studio.offers.takeBack();
  expect(studio.gallery.pictures).toHaveLength(0);
});

it('is one for a page, asks before the page is closed, and is read aloud in coarse steps', async () => {
  const { zip } = await backUp();
  const { studio, archive, galleryStore } = await open();
  expect(archiveOf(studio)).toBe(archive);
  const asks = (): boolean => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const seen: unknown[] = [];
  const add = galleryStore.add.bind(galleryStore);
  galleryStore.add = (picture) => {
    seen.push([archiveOf(studio).busy, archive.told, asks()]);
    return add(picture);
  };
  expect([archive.told, asks()]).toEqual(['', false]);
  await archive.restore(zip);
  expect(seen[0]).toEqual(['Restoring', 'Restoring', true]);
  expect([archive.busy, archive.told, asks()]).toEqual([undefined, '', false]);
});

it('is told in quarters, and shown picture by picture', async () => {
  const { archive, galleryStore } = await open(Array.from({ length: 8 }, (_, i) => finished(i + 1)));
  const told: string[] = [];
  const shown: unknown[] = [];
  const { thumbnail } = galleryStore;
  galleryStore.thumbnail = (id) => {
    told.push(archive.told);
    shown.push(archive.busy);
    return thumbnail(id);
  };
  await archive.backUp();
  const [a, b, c, d] = ['Backup', 'Backup: 25 %', 'Backup: 50 %', 'Backup: 75 %'];
  expect(told).toEqual([a, a, b, b, c, c, d, d]);
  expect(shown.slice(0, 3)).toEqual(['Backup', 'Backup: 1 of 8', 'Backup: 2 of 8']);
});
