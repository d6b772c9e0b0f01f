/** The benchmark's page: reached by its address and from the models, cancelled, and run to its end on the CPU. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

test('measures the starter, and gives the result as text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/#/bench');
  const dialog = page.getByRole('dialog', { name: 'Benchmark' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Big model').selectOption('none');
  await app.button(page, 'Start').click();
  await expect(dialog.getByRole('progressbar', { name: 'Benchmark' })).toBeVisible();
  await expect(app.button(page, 'Measure again')).toBeVisible({ timeout: 120_000 });
  const rows = dialog.getByRole('row');
  for (const part of ['text encoder', 'U-Net', 'VAE decoder'])
    await expect(rows.filter({ hasText: part }).first()).toContainText(/\d/);
  await expectAccessible(page);
  await app.button(page, 'Copy as text').click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^Gesso benchmark\nCPU, \d+ threads? \(CPU through wasm\)/);
  expect(text).toContain('Again: open ');
  // a call of the U-Net with guidance: milliseconds and TFLOP/s are numbers above 0
  const unet = /U-Net, float32 +128 x 128, batch 2 .*? ms +([\d.]+) ms +([\d.]+)/.exec(text);
  expect(Number(unet?.[1])).toBeGreaterThan(0);
  expect(Number(unet?.[2])).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/#\/bench$/);
});

test('is cancelled at once, and the page paints afterwards', async ({ page }) => {
  await page.goto('/');
  await app.button(page, 'Models').click();
  await page.getByRole('dialog', { name: 'Models' }).getByRole('button', { name: 'Benchmark' }).click();
  await expect(page).toHaveURL(/#\/bench$/);
  await app.button(page, 'Start').click();
  await page.getByRole('dialog', { name: 'Benchmark' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/#\/bench$/);
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 2 });
  const { modelCalls } = await app.generatePicture(page);
  expect(modelCalls).toBe(2);
});
