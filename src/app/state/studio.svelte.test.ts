/** The studio without its page. */
import { describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../core/catalog';
import { CATALOG } from '../testing/catalog';
import { memoryAssetStore } from '../testing/asset-store';
import { createFakeBench } from '../testing/fake-bench';
import { createFakeEngine } from '../testing/fake-engine';
import { createFakeLibrary } from '../testing/fake-library';
import { memoryGalleryStore } from '../testing/gallery-store';
import { storedModel } from '../testing/stored-model';
import type { Store } from './kept/storage';
import { Studio } from './studio.svelte';

const fetched = vi.hoisted((): string[] => []);
vi.mock('./pictures/finish-picture', () => ({
  finishPicture: () => Promise.reject(new Error('not asked for here')),
  fetchKeepers: () => {
    fetched.push('keepers');
    return Promise.reject(new Error('offline'));
  },
}));

const store = () => ({ read: () => ({}), write: () => undefined });
const other: ModelEntry = {
  ...CATALOG.models[0],
  id: 'other',
  source: { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] },
};

function open(removed: string[] = [], isAlone = true, kept: Store = store(), query?: URLSearchParams) {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const stored = storedModel('other', 'Other');
  const library = createFakeLibrary({ entries: [other], models: [stored] });
  const studio = new Studio({
    api: createFakeEngine('0'),
    bench: createFakeBench(),
    catalog: CATALOG,
    store: kept,
    ...(query && { query }),
    library: { api: library, store: { ...store(), read: () => ({ removed }) } },
    galleryStore: memoryGalleryStore(),
    assetStore: memoryAssetStore(),
    queueStore: store(),
    shelfStore: store(),
    baseUrl: 'http://localhost/',
    version: 'gesso-test',
  });
  const started = studio.start(Promise.resolve(isAlone));
  return { studio, library, started };
}

async function create(...options: Parameters<typeof open>) {
  const { started, ...made } = open(...options);
  await started;
  return made;
}

it('fetches what keeps a picture when one is asked for, not when it is finished', async () => {
  const { studio } = await create();
  expect(fetched).toEqual([]);
  studio.generate();
  expect(fetched).toEqual(['keepers']);
});

it('comes back to the settings of a model that was removed while it was in use, and keeps the prompt', async () => {
  const { studio } = await create();
  studio.useModel('other');
  Object.assign(studio.settings, { steps: 7, prompt: 'a pear' });
  studio.removeModel('other');
  expect(studio.settings.model.id).toBe(CATALOG.models[0].id);
  studio.settings.prompt = 'an apple';
  studio.library.takeBack('other');
  const { model, steps, prompt } = studio.settings;
  expect([model.id, steps, prompt]).toEqual(['other', 7, 'an apple']);
});

it('deletes what was removed in the last visit, unless another tab may still take it back', async () => {
  const [alone, second] = [await create(['other']), await create(['other'], false)];
  expect([alone.library.calls, second.library.calls]).toEqual([['delete other'], []]);
  expect(second.studio.library.items.some(({ isRemoved }) => isRemoved)).toBe(false);
});

describe('what the disk tells late', () => {
  /** Its answer comes when the test says so. */
  function slowStore() {
    let take: Parameters<NonNullable<Store['onLate']>>[0] = () => undefined;
    const written: Record<string, unknown>[] = [];
    const slow: Store = {
      read: () => ({}),
      write: (values) => void written.push(values),
      onLate: (one) => (take = one),
    };
    const kept = { model: 'other', steps: 9, view: 'pixels', notifies: false, provider: 'wasm' };
    return { slow, written, answer: () => take(kept, kept) };
  }

  it.each(['before', 'after'])(
    'is taken %s the library is open, its model and how pictures are shown too',
    async (when) => {
      const { slow, written, answer } = slowStore();
      const { studio, started } = open([], true, slow);
      if (when === 'after') await started;
      answer();
      await started;
      const { model, steps, provider } = studio.settings;
      expect([model.id, steps, provider, studio.view]).toEqual(['other', 9, 'wasm', 'pixels']);
      studio.save();
      expect(written.filter(({ model: id, view }) => id !== 'other' || view !== 'pixels')).toEqual([]);
    },
  );

  it('is not written over before its model is listed', () => {
    const { slow, written, answer } = slowStore();
    const { studio } = open([], true, slow);
    answer();
    studio.save();
    expect(written).toEqual([]);
  });

  it('leaves the choice of the address for this visit, and keeps the other', async () => {
    const { slow, written, answer } = slowStore();
    const { studio } = await create([], true, slow, new URLSearchParams('provider=webgpu'));
    answer();
    expect(studio.settings.provider).toBe('webgpu');
    studio.settings.prompt = 'a pear';
    studio.save();
    expect(written.at(-1)).toMatchObject({ provider: 'wasm', prompt: 'a pear' });
  });
});
