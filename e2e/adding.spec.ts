/** Models of one's own: by name, by page, by file, by folder; what comes of it is told where one stands. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { STARTER_PACK } from '../tools/lib/paths.mjs';
import { floatSafetensors } from '../src/core/formats/testing/safetensors-bytes';
import { expect, test } from './support/app';
import type { Hub } from '../src/platform/net/testing/hub-server';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import { addByAddress, createModelHub, get, openLibrary, REPO, row, sheet, use } from './support/small-model';

// The browser itself reports what a server refuses.
test.use({ expectedErrors: [/Failed to load resource/, /blocked by CORS policy/] });

let hub: Hub;
test.beforeEach(async () => void (hub = await createModelHub()));
test.afterEach(() => hub.close());

const LORA = { 'lora_unet_down_blocks_0.lora_down.weight': { shape: [1, 4], values: [0, 0, 0, 0] } };
const SOME = 'small-model';

const result = (page: Page, place: 'files' | 'address') =>
  sheet(page)
    .getByRole('group', { name: 'Result' })
    .nth(place === 'files' ? 0 : 1);

const packFiles = (): string[] =>
  readdirSync(STARTER_PACK)
    .filter((name) => /\.(json|bin)$/.test(name))
    .map((name) => join(STARTER_PACK, name));

/** As the files of a pack that are dragged onto the page. */
async function dropPack(page: Page): Promise<void> {
  const names = packFiles().map((path) => basename(path));
  // The app has its own of them packed.
  await page.route('**/dropped/*', (route) =>
    route.fulfill({ path: join(STARTER_PACK, basename(new URL(route.request().url()).pathname)) }),
  );
  await page.evaluate(async (paths) => {
    const dropped = new DataTransfer();
    for (const path of paths) {
      const answer = await fetch(`dropped/${path}`);
      dropped.items.add(new File([await answer.blob()], path));
    }
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }, names);
}

test('a name is enough: what is there is listed, got and painted with', async ({ page }) => {
  hub.files.set(`${REPO}/style.safetensors`, Buffer.from(floatSafetensors(LORA)));
  await openLibrary(page, hub);
  await addByAddress(page, REPO);
  await expect(result(page, 'address')).toContainText('choose what to add');
  await expect(result(page, 'address')).toBeInViewport();
  await result(page, 'address').getByText('Cannot be used (1)').click();
  await expect(result(page, 'address')).toContainText(/style\.safetensors.*LoRA/);
  await result(page, 'address')
    .getByRole('button', { name: /^Add The whole folder/ })
    .click();
  await expect(row(page, SOME)).toContainText(
    /25\.\d MB to download.*from huggingface\.co\/someone\/small-model.*licence: mit/,
  );
  await get(page, SOME);
  await expect(use(page, SOME)).toBeVisible({ timeout: 60_000 });
  await result(page, 'address')
    .getByRole('button', { name: `Use ${SOME}` })
    .click();
  await page.keyboard.press('Escape');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
  await app.generatePicture(page);
  expect(shareOf(await readImage(app.picture(page)), MIDDLE, isRed), 'red pixels').toBeGreaterThan(0.6);
});

test('what leads nowhere is refused where it was typed, with the way out, and nothing is listed', async ({ page }) => {
  hub.gated.add(REPO);
  hub.files.set('site/page.safetensors', Buffer.from('<!doctype html><title>A page</title>'));
  await page.route('https://civitai.com/**', (route) => route.abort());
  await openLibrary(page, hub);
  const before = await sheet(page).getByRole('article').count();
  for (const [address, says] of [
    ['who/nobody', /There is no public model “who\/nobody”/],
    [`https://huggingface.co/${REPO}`, /agreed to its terms.*Import files/],
    ['https://huggingface.co/spaces/who/nobody', /an app \(a Space\)/],
    [`${hub.cdnUrl}/site/page.safetensors`, /is a web page, not a file/],
    [`${hub.cdnUrl}/site/nothing.safetensors`, /no such file/],
    ['https://civitai.com/models/4384/dreamshaper', /copy the address of its Download button/],
    ['a lighthouse', /This address leads to no model\. This is no address/],
  ] as const)
    await test.step(address, async () => {
      await addByAddress(page, address);
      const told = result(page, 'address').getByRole('alert');
      await expect(told).toContainText(says);
      await expect(told).toBeInViewport();
      await expect(result(page, 'address')).toBeFocused();
    });
  expect(await sheet(page).getByRole('article').count()).toBe(before);
});

test('a page of Civitai leads to its file', async ({ page }) => {
  const unet = `${REPO}/unet/diffusion_pytorch_model.safetensors`;
  const version = {
    ...{ id: 70, modelId: 7, name: 'v2', baseModel: 'SD 1.5', model: { name: 'Painter', type: 'Checkpoint' } },
    files: [{ name: 'painter.safetensors', type: 'Model', sizeKB: 9000, downloadUrl: `${hub.cdnUrl}/${unet}` }],
  };
  await page.route('https://civitai.com/api/v1/model-versions/70', (route) =>
    route.fulfill({ json: version, headers: { 'Access-Control-Allow-Origin': '*' } }),
  );
  await openLibrary(page, hub);
  await addByAddress(page, 'https://civitai.com/models/7/painter?modelVersionId=70');
  // Its header tells that this one is no whole model.
  await expect(result(page, 'address').getByRole('alert')).toContainText(/this is only the U-Net of a model/);
});

test('a pack is taken by its files, by its folder and by drop, and other files are refused', async ({ page }) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  await sheet(page)
    .getByLabel('Model files')
    .setInputFiles({ name: 'readme.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(result(page, 'files')).toContainText('This is not a model. There is no model in readme.txt.');
  await expect(result(page, 'files')).toBeInViewport();

  await sheet(page).getByLabel('Model files').setInputFiles(packFiles());
  await expect(result(page, 'files').getByRole('button', { name: /^Use / })).toBeVisible();
  await expect(sheet(page).getByRole('button', { name: /^Delete / })).toHaveCount(1);

  await sheet(page).getByLabel('Model folder').setInputFiles(STARTER_PACK);
  await expect(sheet(page).getByRole('button', { name: /^Delete / })).toHaveCount(1); // the same model again

  await sheet(page)
    .getByRole('button', { name: /^Delete / })
    .click();
  await page.keyboard.press('Escape');
  await dropPack(page);
  await expect(sheet(page).getByRole('button', { name: /^Delete / })).toBeVisible();
  await expect(result(page, 'files').getByRole('button', { name: /^Use / })).toBeInViewport();
});

test('what was added is removed and taken back, also after a reload', async ({ page, context }) => {
  await openLibrary(page, hub);
  await addByAddress(page, REPO);
  await expect(result(page, 'address')).toContainText('Added to the list.');
  const remove = row(page, SOME).getByRole('button', { name: `Remove ${SOME}` });
  await remove.click();
  await expect(row(page, SOME)).toContainText('was removed');
  await page.keyboard.press('Enter'); // Undo has the focus
  await expect(remove).toBeVisible();

  await context.setOffline(true);
  await expect(row(page, SOME)).toContainText('No network');
  await expect(row(page, SOME).getByRole('button', { name: /^Get/ })).toHaveCount(0);
  await context.setOffline(false);
  await expect(row(page, SOME).getByRole('button', { name: /^Get/ })).toBeVisible();

  await remove.click();
  await page.reload(); // it was not closed
  await app.button(page, 'Models').first().click();
  await expect(row(page, SOME)).toHaveCount(0);
});
