/** A second pass by another checkpoint and in tiles; several pictures to start from at once. */
import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import * as app from '../tools/lib/drive-app.mjs';
import { readPictureText } from '../src/core/image/metadata';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage } from './support/pixels';
import { sheet, use } from './support/small-model';
import { writeTinyModel } from './support/tiny-model';

const png = (level: number): Buffer => {
  const file = new PNG({ width: 128, height: 128 });
  file.data.fill(255).forEach((_, i) => i % 4 < 3 && (file.data[i] = level));
  return PNG.sync.write(file);
};

test('another checkpoint paints the second pass, in tiles; several pictures wait in line, and are taken back', async ({
  page,
}, info) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  for (const name of ['tiny-one', 'tiny-two']) {
    await sheet(page)
      .getByLabel('Model folder')
      .setInputFiles(writeTinyModel('sd15', info.outputPath(name)));
    await expect(use(page, name)).toBeVisible({ timeout: 120_000 });
  }
  await use(page, 'tiny-one').click();
  await page.keyboard.press('Escape');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 11, steps: 2, cfg: 5, width: 128, height: 128 });

  await page.getByText('Advanced', { exact: true }).click();
  await page.getByText('Hires. fix', { exact: true }).click();
  await app.number(page, 'Upscale by').fill('2');
  await page.getByLabel('Hires checkpoint', { exact: true }).selectOption('tiny-two');
  await page.getByText('Tiled diffusion', { exact: true }).first().click();
  await page.getByLabel('Tiled diffusion', { exact: true }).selectOption('Mixture of Diffusers');
  await app.number(page, 'Tile width').fill('16');
  await app.number(page, 'Tile overlap').fill('4');
  await expectAccessible(page);
  await app.generatePicture(page);
  const { width, height } = await readImage(app.picture(page));
  expect([width, height]).toEqual([256, 256]);
  const saved = await (await app.savePng(page)).path();
  const { infotext } = readPictureText(new Uint8Array(readFileSync(saved)));
  expect(infotext).toContain('Hires checkpoint: tiny-two');
  expect(infotext).toContain('Tiled Diffusion: {"Method": "Mixture of Diffusers", "Tile tile width": 16');

  const group = page.getByRole('group', { name: 'Start from a picture' });
  const chooser = page.waitForEvent('filechooser');
  await group
    .getByRole('button', { name: /picture$/ })
    .first()
    .click();
  const files = [60, 200].map((level) => ({ name: `grey ${level}.png`, mimeType: 'image/png', buffer: png(level) }));
  await (await chooser).setFiles(files);
  const told = page.getByText(/2 pictures in line, one from each/).first();
  await expect(told).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect(told).toBeHidden();
});
