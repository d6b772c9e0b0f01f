/** A VAE of a person's own: dropped as a file, chosen for a picture, told in its text, read from one, removed. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { readPictureText } from '../src/core/image/metadata';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage } from './support/pixels';
import { row, sheet, use } from './support/small-model';
import { tinyVae, writeTinyModel } from './support/tiny-model';

const choice = (page: Page) => page.getByLabel('VAE', { exact: true });

async function paint(page: Page): Promise<string> {
  await app.generatePicture(page);
  return Buffer.from((await readImage(app.picture(page))).data).toString('base64');
}

async function infotext(page: Page): Promise<string> {
  const saved = await (await app.savePng(page)).path();
  return readPictureText(new Uint8Array(readFileSync(saved))).infotext ?? '';
}

test('a VAE is kept beside models, develops a picture in place of the model’s own, and is named where it is gone', async ({
  page,
}, info) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  await sheet(page)
    .getByLabel('Model folder')
    .setInputFiles(writeTinyModel('sd15', info.outputPath('tiny-sd15')));
  await expect(use(page, 'tiny-sd15')).toBeVisible({ timeout: 120_000 });
  const file = { name: 'soft-colours.safetensors', mimeType: '', buffer: Buffer.from(tinyVae()) };
  await sheet(page).getByLabel('Model files').setInputFiles(file);
  await expect(row(page, 'soft-colours')).toBeVisible({ timeout: 60_000 });
  await expect(sheet(page).getByRole('region', { name: 'VAEs' }).getByRole('article')).toHaveCount(1);
  await expectAccessible(page);
  await use(page, 'tiny-sd15').click();
  await page.keyboard.press('Escape');

  await app.fillRecipe(page, { prompt: 'a cat', seed: 11, steps: 2, cfg: 5, width: 128, height: 128 });
  const own = await paint(page);
  expect(await infotext(page)).not.toContain('VAE');
  await page.getByText('Advanced', { exact: true }).click();
  await page.getByText('Parts of the model', { exact: true }).click();
  await choice(page).selectOption('soft-colours');
  const other = await paint(page);
  expect(other).not.toBe(own);
  expect(await infotext(page)).toMatch(/VAE hash: [0-9a-f]{10}, VAE: soft-colours\.safetensors/);

  await app.button(page, 'Models').first().click();
  await sheet(page).getByRole('button', { name: 'Remove soft-colours' }).click();
  await page.keyboard.press('Escape');
  await expect(choice(page).locator('option:checked')).toHaveText('soft-colours (not here)');
  expect(await paint(page)).toBe(own);
  await expect(page.getByText(/The VAE soft-colours is not here/).first()).toBeVisible();
  expect(await infotext(page)).not.toContain('VAE');
});
