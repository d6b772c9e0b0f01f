/** The library where the browser has no room. */
import { cpSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import { addCatalogue, createModelHub, get, openLibrary, row, sheet, STARTER, use } from './support/small-model';

test.setTimeout(60_000);

const NO_ROOM = 'The browser has no more room for this page: delete a model that you do not need.';

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
  const hub = await createModelHub();
  await page.goto('./?provider=wasm');
  const { origin } = new URL(page.url());
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
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
  await hub.close();
});
