/** The library where the browser has no room, and where two tabs want models at the same time. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import type { Hub } from '../src/platform/net/testing/hub-server';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import { addCatalogue, createModelHub, FILES, get, openLibrary, row, sheet, STARTER, use } from './support/small-model';

test.setTimeout(120_000);

let hub: Hub;
test.beforeEach(async () => void (hub = await createModelHub()));
test.afterEach(() => hub.close());

const NO_ROOM = 'The browser has no more room for this page: delete models or pictures that you do not need.';

/** Everything of models that is stored, whole or half. */
function storedKeys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keysOf = (name: string): Promise<string[]> =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(new Error(`${name} cannot be opened`));
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction('values').objectStore('values').getAllKeys();
          database.close(); // when the reading is over
          reading.onsuccess = () => resolve(reading.result.map(String));
        };
      });
    const keys = (await Promise.all(['gesso-packs', 'gesso-downloads'].map(keysOf))).flat();
    return keys.filter((key) => /^(pack|shard|job|part|plan):/.test(key));
  });
}

const pickFolder = (page: Page, path: string): Promise<void> =>
  sheet(page).getByLabel('Model folder').setInputFiles(path);

/** The built-in model in a folder of its own, to be imported under the folder's name. */
function copyStarter(path: string): string {
  cpSync(STARTER, path, { recursive: true });
  return path;
}

async function expectApple(page: Page): Promise<void> {
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
  await app.generatePicture(page);
  expect(shareOf(await readImage(app.picture(page)), MIDDLE, isRed), 'red pixels').toBeGreaterThan(0.6);
}

/**
 * Chromium tells every page of 10 GiB more than it uses, whatever it really gives (so that nobody is known by their disk):
 * that the room is gone shows only when something is written.
 */
test('says what to do where a write finds no room, keeps nothing half, and works once there is room', async ({
  page,
}, info) => {
  // Before the app writes for the first time: Chromium remembers for half a minute how much room there was.
  const { origin } = new URL(info.project.use.baseURL ?? '');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
  await page.goto('./?provider=wasm');
  await openLibrary(page, hub);
  await addCatalogue(page, hub);
  await get(page);
  await expect(row(page)).toContainText(NO_ROOM);
  await row(page).getByRole('button', { name: 'Discard' }).click();
  await expect(row(page).getByRole('button', { name: /^Get/ })).toBeVisible();
  expect(await storedKeys(page)).toEqual([]);

  await pickFolder(page, copyStarter(info.outputPath('mine')));
  await expect(row(page, 'mine')).toContainText(NO_ROOM);
  expect(await storedKeys(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expectApple(page);

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.reload();
  await app.button(page, 'Models').first().click();
  await get(page);
  await expect(use(page)).toBeVisible();
  await use(page).click();
  await page.keyboard.press('Escape');
  await expectApple(page);
});

/** As a pick of a folder; Playwright's own waits for frames, which a tab in the background does not draw. */
async function pickInBackground(page: Page, name: string): Promise<void> {
  await page.route('**/picked/**', (route) => {
    const [, path = ''] = route.request().url().split('/picked/');
    return route.fulfill({ path: join(STARTER, path) });
  });
  await page.evaluate(
    async ({ folder, paths }) => {
      const picked = new DataTransfer();
      for (const path of paths) {
        const answer = await fetch(`picked/${path}`);
        picked.items.add(new File([await answer.blob()], `${folder}/${path}`));
      }
      const input = document.querySelector<HTMLInputElement>('input[aria-label="Model folder"]');
      if (!input) throw new Error('There is no input for a model folder.');
      input.files = picked.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { folder: name, paths: FILES },
  );
}

test('two tabs that import at once store whole models, and list the same ones', async ({ page, context }) => {
  const second = await context.newPage();
  const tabs = [page, second];
  for (const tab of tabs) {
    await tab.goto('./?provider=wasm');
    await app.button(tab, 'Models').first().click();
  }
  await Promise.all(tabs.map((tab) => pickInBackground(tab, 'one')));
  for (const tab of tabs) await expect(use(tab, 'one')).toBeVisible();
  // One at a time: the other tab is told so, or came later and stored it anew.
  const told = (await Promise.all(tabs.map((tab) => app.complaint(tab).allInnerTexts()))).flat();
  for (const text of told) expect(text).toContain('another tab is getting this model');

  await Promise.all([pickInBackground(page, 'two'), pickInBackground(second, 'three')]);
  for (const tab of tabs) for (const name of ['two', 'three']) await expect(use(tab, name)).toBeVisible();
  const keys = await storedKeys(page);
  expect(keys.filter((key) => !key.startsWith('shard:'))).toEqual(['pack:one', 'pack:three', 'pack:two']);
  // The four parts, from one import alone: the others' bytes are the same, and lie here already.
  expect(keys.filter((key) => key.startsWith('shard:'))).toHaveLength(4);
  expect(new Set(keys.map((key) => /^shard:(.*):/.exec(key)?.[1] ?? '')).size).toBe(2);

  for (const [tab, mine] of [
    [page, 'one'],
    [second, 'three'],
  ] as const) {
    await tab.bringToFront();
    await tab.reload();
    await app.button(tab, 'Models').first().click();
    for (const name of ['one', 'two', 'three'])
      await expect(row(tab, name).getByRole('button', { name: `Delete ${name}` })).toBeVisible();
    await use(tab, mine).click();
    await tab.keyboard.press('Escape');
    await expectApple(tab);
  }
});
