/** One visit is enough: afterwards the app opens and paints without any network. A new version waits until it is wanted. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { CACHE, DIST } from '../tools/lib/paths.mjs';
import { expect, test } from './support/app';
import { servePlainly } from './support/plain-server';

// What enlarges a newcomer's pictures is kept with the rest.
test.use({ serviceWorkers: 'allow', enlarges: true });

const LORA = 'models/starter-add-ons/starter-ink.safetensors';

const ready = (page: Page) => expect(page.getByText(/Ready on/)).toBeVisible();

/** As a static host that sets no header at all, below a path: GitHub Pages. */
async function publish(): Promise<{ url: string; folder: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(CACHE, 'site-'));
  cpSync(DIST, join(folder, 'gesso'), { recursive: true });
  const server = await servePlainly(folder);
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `${server.url}/gesso/`, folder: join(folder, 'gesso'), close };
}

test('paints offline after one visit, isolated on a host without headers', async ({ page, context }) => {
  const site = await publish();
  try {
    await page.goto(`${site.url}?provider=wasm`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    await ready(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);

    await context.setOffline(true);
    await site.close();
    await page.reload();
    await ready(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 2 });
    await app.generatePicture(page);
  } finally {
    await site.close();
  }
});

test('offers a new version, keeps the old until then, and keeps what was typed', async ({ page }) => {
  const site = await publish();
  try {
    await page.goto(site.url);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    await ready(page);
    await app.fillRecipe(page, { prompt: 'a cat', seed: 3 });
    await page.evaluate(async (lora) => {
      await fetch(lora);
      await (await caches.open('after-use')).put('assets/of-old.js', new Response('old'));
    }, LORA);
    const kept = () =>
      page.evaluate(async () =>
        (await (await caches.open('after-use')).keys()).map(({ url }) => new URL(url).pathname),
      );
    await expect.poll(kept).toContain(`/gesso/${LORA}`);

    const index = join(site.folder, 'index.html');
    writeFileSync(
      index,
      readFileSync(index, 'utf8').replace('name="description"', 'name="description" data-version="2"'),
    );
    const worker = join(site.folder, 'service-worker.js');
    const old = /"revision":"[0-9a-f]+","url":"index\.html"/;
    const text = readFileSync(worker, 'utf8');
    expect(text).toMatch(old);
    writeFileSync(worker, text.replace(old, '"revision":"0123456789abcdef","url":"index.html"'));
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));

    await expect(page.getByText('A new version of Gesso is ready.')).toBeVisible();
    await app.button(page, 'Reload').click();
    await expect(page.locator('meta[name=description][data-version="2"]')).toHaveCount(1);
    await expect(page.getByText('A new version of Gesso is ready.')).toBeHidden();
    await expect(app.textbox(page, 'Prompt')).toHaveValue('a cat');
    await expect.poll(kept, 'what a prompt may name stays').toEqual([`/gesso/${LORA}`]);
  } finally {
    await site.close();
  }
});

test('is installable, and opens a shared picture', async ({ page }) => {
  await page.goto('./');
  const session = await page.context().newCDPSession(page);
  const { url, data, errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(url).toMatch(/manifest\.webmanifest$/);
  const manifest = JSON.parse(data ?? '') as { share_target: { action: string }; file_handlers: unknown[] };
  expect(manifest.share_target.action).toBe('./share');
  expect(manifest.file_handlers).toHaveLength(1);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // a headless browser has no place to install to
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);

  const landed = await page.evaluate(async () => {
    const form = new FormData();
    form.append('files', new File([new Uint8Array([1, 2, 3])], 'mine.safetensors'));
    const answer = await fetch('./share', { method: 'POST', body: form });
    const keys = await (await caches.open('shared')).keys();
    return { url: answer.url, keys: keys.length };
  });
  expect(landed.url).toMatch(/\?shared$/);
  expect(landed.keys).toBe(1);
});
