/** Models from a hub to a picture, and everything that can go wrong on the way, in a real browser. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import type { Hub } from '../src/platform/net/testing/hub-server';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import { addCatalogue, createModelHub, ENTRY, get, openLibrary, REPO, row, sheet, use } from './support/small-model';

let hub: Hub;
test.beforeEach(async () => void (hub = await createModelHub()));
test.afterEach(() => hub.close());

test('gets a model over a bad line, stores it, paints with it, and finds it again', async ({ page }) => {
  let served = 0;
  hub.fault = ({ path }) => {
    if (!path.endsWith('.safetensors')) return undefined;
    served += 1;
    if (served === 1) return { kind: 'drop', afterBytes: 100_000 };
    if (served === 2) return { kind: 'status', status: 503 };
    return served === 4 ? { kind: 'wrong-bytes' } : undefined;
  };
  await openLibrary(page, hub);
  await addCatalogue(page, hub);
  expect(hub.requests.filter((line) => line.includes(REPO))).toEqual([]);
  await get(page);
  await expect(use(page)).toBeVisible({ timeout: 120_000 });
  await expect(row(page)).toContainText(/MB, not used yet/);
  await use(page).click();
  await page.keyboard.press('Escape');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
  await app.generatePicture(page);
  expect(shareOf(await readImage(app.picture(page)), MIDDLE, isRed), 'red pixels').toBeGreaterThan(0.6);

  await page.reload();
  await expect(app.choice(page, 'Model')).toHaveValue(ENTRY.id);
  await expect(page.getByText(/Ready on/)).toBeVisible();
});

test('a closed tab costs at most a chunk; two tabs at once store one sound model', async ({ page, context }) => {
  hub.fault = ({ path }) => (path.includes('/unet/') ? { kind: 'slow', pieces: 40, pauseMs: 2000 } : undefined);
  await openLibrary(page, hub);
  await addCatalogue(page, hub);
  await get(page);
  await expect(row(page)).toContainText(/MB of 25/);
  const second = await context.newPage();
  await second.goto('./?provider=wasm');
  await expect(app.button(second, 'Models').first(), 'found by its name').toHaveAttribute('title', /downloaded$/);
  await openLibrary(second, hub);
  await expect(row(second)).toContainText('Another tab is getting it');
  await page.close();

  await second.reload();
  await app.button(second, 'Models').first().click();
  await expect(row(second)).toContainText(/Paused at/);
  hub.fault = () => undefined;
  await row(second).getByRole('button', { name: 'Resume' }).click();
  await expect(use(second)).toBeVisible({ timeout: 120_000 });
});

test.describe('when the browser clears the storage', () => {
  test('says so, and gets the model again', async ({ page }) => {
    await openLibrary(page, hub);
    await addCatalogue(page, hub);
    await get(page);
    await expect(use(page)).toBeVisible({ timeout: 120_000 });
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    await page.goto('about:blank');
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    await page.goto('./?provider=wasm');
    await expect(page.getByText(/Ready on/)).toBeVisible();
    await app.generatePicture(page);
  });
});

test('asks nobody for anything before it is told to', async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin;
  const foreign: string[] = [];
  page.context().on('request', (request) => {
    const { protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && new URL(request.url()).origin !== origin) foreign.push(request.url());
  });
  await page.goto('./?provider=wasm');
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await app.fillRecipe(page, { prompt: 'a cat', steps: 2 });
  await app.generatePicture(page);
  await app.button(page, 'Models').first().click();
  await expect(sheet(page).getByText(/storage are free/)).toBeVisible();
  await page.keyboard.press('Escape');
  await app.savePng(page);
  await page.reload();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  expect(foreign).toEqual([]);
});
