/** The studio without its page. */
import { expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../core/catalog';
import { CATALOG } from '../testing/catalog';
import { memoryAssetStore } from '../testing/asset-store';
import { createFakeBench } from '../testing/fake-bench';
import { createFakeEngine } from '../testing/fake-engine';
import { createFakeLibrary } from '../testing/fake-library';
import { memoryGalleryStore } from '../testing/gallery-store';
import { Studio } from './studio.svelte';

const fetched = vi.hoisted((): string[] => []);
vi.mock('./finish-picture', () => ({
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

async function create(removed: string[] = [], isAlone = true) {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const stored = {
    id: 'other',
    name: 'Other',
    family: 'sd15',
    plan: 'q8',
    bytes: 1,
    addedAt: 0,
    fileName: 'x',
  } as const;
  const library = createFakeLibrary({ entries: [other], models: [stored] });
  const studio = new Studio({
    api: createFakeEngine('0'),
    bench: createFakeBench(),
    catalog: CATALOG,
    store: store(),
    library: { api: library, store: { ...store(), read: () => ({ removed }) } },
    galleryStore: memoryGalleryStore(),
    assetStore: memoryAssetStore(),
    queueStore: store(),
    shelfStore: store(),
    baseUrl: 'http://localhost/',
    version: 'gesso-test',
  });
  await studio.start(Promise.resolve(isAlone));
  return { studio, library };
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
