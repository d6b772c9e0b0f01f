/** A tiny model that a person brings: imported through the library, and painted with. */
import type { Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { expect } from './app';
import { readImage, type Bitmap } from './pixels';
import { row, sheet, use } from './small-model';

export async function importFolder(page: Page, folder: string, name: string): Promise<void> {
  await app.button(page, 'Models').first().click();
  await sheet(page).getByLabel('Model folder').setInputFiles(folder);
  await expect(use(page, name)).toBeVisible({ timeout: 120_000 });
  await expect(row(page, name)).toBeVisible();
  await use(page, name).click();
  await page.keyboard.press('Escape');
}

export async function paint(
  page: Page,
  side: number,
  prompt = 'a red apple, on blue',
): Promise<{ facts: app.Facts; picture: Bitmap }> {
  await app.fillRecipe(page, { prompt, seed: 11, steps: 3, cfg: 5, width: side, height: side });
  const facts = await app.generatePicture(page);
  return { facts, picture: await readImage(app.picture(page)) };
}

/** The details of the picture say so. */
export async function expectComputedIn(page: Page, precision: string): Promise<void> {
  await app
    .facts(page)
    .getByRole('button', { name: /per stage/ })
    .click();
  await expect(page.getByRole('dialog', { name: 'Time per stage' })).toContainText(`Computes in ${precision}`);
  await page.keyboard.press('Escape');
}
