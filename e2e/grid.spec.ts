/** X/Y/Z grids: the estimate first, the pictures, the sheet with its recipe, and what a cancel leaves. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readPng } from './support/pixels';

async function openForm(page: Page): Promise<void> {
  await app.button(page, 'More ways to generate').click();
  await page.getByRole('menuitem', { name: 'X/Y/Z grid' }).click();
}

const strip = (page: Page) => page.getByRole('list', { name: 'Newest pictures' }).locator('img');

test('varies two settings, and lays the pictures out on one sheet with A1111’s keys', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 5, steps: 2 });
  await app.generatePicture(page);
  await openForm(page);
  await page.getByRole('textbox', { name: 'X values' }).fill('5-7');
  await app.choice(page, 'Y type').selectOption('promptSr');
  await page.getByRole('textbox', { name: 'Y values' }).fill('dog, car');
  await expect(page.getByText('Prompt S/R did not find "dog"')).toBeVisible();
  await expect(app.button(page, 'Generate grid')).toBeDisabled();
  await page.getByRole('textbox', { name: 'Y values' }).fill('cat, dog');
  await expect(page.getByText(/^6 pictures, about \d+ s$/)).toBeVisible();
  await expectAccessible(page);
  await app.button(page, 'Generate grid').click();
  // Six cells and the sheet, besides the first picture.
  await expect(strip(page)).toHaveCount(8, { timeout: 60_000 });
  await expect(page.getByRole('progressbar')).toHaveCount(0);

  const download = await app.savePng(page);
  const bytes = readFileSync(await download.path());
  const text = bytes.toString('latin1');
  expect(text).toContain('Script: X/Y/Z plot, X Type: Seed, X Values: 5-7');
  expect(text).toContain('Fixed X Values: "5, 6, 7", Y Type: Prompt S/R, Y Values: "cat, dog"');
  const sheet = readPng(bytes);
  expect(sheet.width).toBeGreaterThan(3 * 128);
  expect(sheet.height).toBeGreaterThan(2 * 128);
});

test('a cancelled grid waits to be finished; forgotten, it leaves what was made, on a sheet too', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 5, steps: 20 });
  await openForm(page);
  await page.getByRole('textbox', { name: 'X values' }).fill('1-50');
  await app.button(page, 'Generate grid').click();
  await expect(strip(page)).toHaveCount(2, { timeout: 60_000 });
  await app.button(page, 'Cancel').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.getByText(/^4\d waiting, held$/), 'it can be finished').toBeVisible();
  const made = await strip(page).count();
  await app.button(page, 'Forget the waiting ones').click();
  await page.getByRole('status', { name: 'Just done' }).getByRole('button', { name: 'Dismiss' }).click();
  await expect(strip(page)).toHaveCount(made + 1);
  await expect(app.facts(page)).toContainText('a cat');
  const download = await app.savePng(page);
  expect(readFileSync(await download.path()).toString('latin1')).toContain('X Values: 1-50');
});
