/** Upscalers of a person's own: dropped, listed, chosen, enlarged by, removed; one that is not here is said. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { readPictureText } from '../src/core/image/metadata';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage } from './support/pixels';
import { row, sheet } from './support/small-model';

const read = (path: string) =>
  readFileSync(new URL(`../src/core/networks/fixtures/upscaler-${path}`, import.meta.url)).toString('base64');

async function drop(page: Page, files: Record<string, string>): Promise<void> {
  await page.evaluate((all) => {
    const dropped = new DataTransfer();
    for (const [name, text] of Object.entries(all))
      dropped.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }, files);
}

const enlarge = (page: Page) => page.getByLabel('Enlarge with', { exact: true });

test('an upscaler is dropped, listed, chosen by its name, painted with and removed', async ({ page }) => {
  await page.goto('./?provider=wasm');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3, steps: 2 });
  await drop(page, {
    '2x-Small.safetensors': read('compact-x2/weights.safetensors'),
    '4x.pth': read('compact/weights.pth'),
  });
  await expect(row(page, '2x-Small')).toBeVisible();
  await expect(row(page, '4x')).toBeVisible();
  await expect(sheet(page).getByRole('region', { name: 'Upscalers' }).getByRole('article')).toHaveCount(2);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.getByText('Advanced', { exact: true }).click();
  await page.getByText('Enlarge', { exact: true }).click();
  await enlarge(page).selectOption('2x-Small');
  await app.generatePicture(page);
  const { width, height } = await readImage(app.picture(page));
  expect([width, height]).toEqual([256, 256]);
  const saved = await (await app.savePng(page)).path();
  expect(readPictureText(new Uint8Array(readFileSync(saved))).infotext).toContain('Enlarged with: 2x-Small');

  await app.button(page, 'Models').first().click();
  await sheet(page).getByRole('button', { name: 'Remove 2x-Small' }).click();
  await page.keyboard.press('Escape');
  await expect(enlarge(page)).toHaveValue('2x-Small');
  await expect(enlarge(page).locator('option:checked')).toHaveText('2x-Small (not here)');
  await app.button(page, 'Generate').click();
  await expect(page.getByText(/The upscaler 2x-Small is not here/).first()).toBeVisible();
});

test.describe('a newcomer', () => {
  test.use({ enlarges: true });

  test('gets pictures of 512 pixels, sees them small at first, and has a switch', async ({ page }) => {
    await page.goto('./?provider=wasm');
    const shown = page.getByRole('img', { name: 'Preview' }).locator('canvas');
    const grew = shown.evaluateAll.bind(shown);
    await app.fillRecipe(page, { seed: 7 });
    await app.button(page, 'a red apple').click();
    await app.button(page, 'Generate').click();
    // Previews of steps have a pixel a latent cell, 8 across: 128 are the painted picture, before it is enlarged.
    await expect
      .poll(() => grew((nodes) => nodes.map((node) => (node as HTMLCanvasElement).width)), { intervals: [50] })
      .toContain(128);
    await expect(app.facts(page)).toContainText('512 × 512');
    const large = await readImage(app.picture(page));
    expect([large.width, large.height]).toEqual([512, 512]);
    const saved = await (await app.savePng(page)).path();
    const { infotext } = readPictureText(new Uint8Array(readFileSync(saved)));
    expect(infotext).toContain('Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN AnimeVideo');

    const box = page.getByRole('checkbox', { name: 'Enlarge 128 × 128 → 512 × 512' });
    await expect(box).toBeChecked();
    await box.uncheck();
    await app.generatePicture(page);
    const small = await readImage(app.picture(page));
    expect([small.width, small.height]).toEqual([128, 128]);
    await reload(page);
    await expect(box).not.toBeChecked();
  });
});
