import { flushSync, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import { CATALOG } from '../../testing/catalog';
import { openPage } from '../../testing/page';
import WayOn from './WayOn.svelte';

it('offers a model with its size and its licence', async () => {
  const page = openPage('0');
  const hub: ModelEntry = {
    ...CATALOG.models[0],
    id: 'hub-model',
    name: 'Hub model',
    source: { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] },
    downloadBytes: 2.1e9,
  };
  page.library.show({ entries: [hub] });
  await page.studio.start();
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve));
  flushSync();
  const target = document.body.appendChild(document.createElement('div'));
  const shown = mount(WayOn, { target, props: { studio: page.studio } });
  flushSync();
  expect(target.textContent).toMatch(/Hub model[\s\S]*2\.1 GB/);
  expect(target.textContent).toContain(hub.licence.name);
  await unmount(shown);
  target.remove();
  await page.close();
});
