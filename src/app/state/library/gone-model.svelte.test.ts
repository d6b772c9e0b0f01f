/** Another tab removes the model that this one has chosen. */
import { flushSync } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import { CATALOG } from '../../testing/catalog';
import { openPage, type TestPage } from '../../testing/page';
import { storedModel } from '../../testing/stored-model';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  vi.restoreAllMocks();
});

const ENLARGER = 'realesr-animevideov3-x4';

async function withChosen() {
  const [small, ...others] = CATALOG.models;
  page = openPage('0', { catalog: { ...CATALOG, models: [{ ...small, enlarger: ENLARGER }, ...others] } });
  const { studio, library } = page;
  await studio.start(Promise.resolve(true));
  const [builtIn, large] = studio.library.items.map(({ entry }) => entry);
  if (!builtIn || !large) throw new Error('two models');
  const other: ModelEntry = { ...large, id: 'mine', name: 'Mine', source: { kind: 'imported' } };
  const stored = storedModel('mine', 'Mine');
  library.show({ entries: [other], models: [stored] });
  flushSync();
  studio.useModel(other.id);
  studio.settings.prompt = 'a pear';
  flushSync();
  expect(studio.settings.model.id).toBe(other.id);
  return { studio, library, builtIn, other };
}

it('is told, and what is built in takes its place with its settings; the prompt stays', async () => {
  const { studio, library, builtIn, other } = await withChosen();
  library.show({ entries: [], models: [] });
  flushSync();
  expect(studio.said).toBe(`${other.name} was removed in another tab: ${builtIn.name} takes its place.`);
  const { model, chosenId, prompt, steps } = studio.settings;
  expect([model.id, chosenId, prompt, steps]).toEqual([builtIn.id, builtIn.id, 'a pear', builtIn.defaults.steps]);
  expect([studio.settings.toRequest().enlarger, studio.settings.advanced.changed]).toEqual([ENLARGER, []]);
  studio.said = undefined;
  library.show({ adapters: [] });
  flushSync();
  expect(studio.said, 'once').toBeUndefined();
});

it('says nothing where it is removed here, or another is removed', async () => {
  const { studio, library, builtIn, other } = await withChosen();
  studio.removeModel(other.id);
  flushSync();
  expect([studio.said, studio.settings.model.id]).toEqual([undefined, builtIn.id]);
  library.show({ entries: [], models: [] });
  flushSync();
  expect(studio.said).toBeUndefined();
});
