/** Prompts that are drawn anew for each picture, and words that are offered while somebody types. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

test('a list and a choice are drawn from the seed, kept with the picture, and words are offered', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a __colour__ {apple|apple}', seed: 3, steps: 2 });
  await expect(page.getByText('No list is named “colour”')).toBeVisible();
  await page.getByRole('button', { name: 'Wildcards' }).click();
  await page
    .getByLabel('Lists to import')
    .setInputFiles({ name: 'colour.txt', mimeType: 'text/plain', buffer: Buffer.from('red\n') });
  await expect(page.getByText('1 list is here.')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Drawn anew for each picture')).toBeVisible();
  await app.generatePicture(page);
  await expect(app.facts(page)).toContainText('a red apple');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a __colour__ {apple|apple}');

  await app.textbox(page, 'Prompt').fill('');
  await app.textbox(page, 'Prompt').pressSequentially('a __co');
  await expect(page.getByRole('listbox', { name: 'Suggested words' }).getByRole('option')).toHaveText(/__colour__/);
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a __colour__');
  await expect(page.getByRole('listbox', { name: 'Suggested words' })).toHaveCount(0);
});

test('pictures are put into an album, which is shown alone and can be taken back', async ({ page }) => {
  await page.goto('./');
  for (const seed of [1, 2]) {
    await app.fillRecipe(page, { prompt: 'a red apple', seed, steps: 1 });
    await app.generatePicture(page);
  }
  await page.keyboard.press('Escape');
  await app.button(page, 'Gallery').click();
  const gallery = page.getByRole('dialog', { name: 'Gallery' });
  await gallery.getByRole('button', { name: 'seed 2' }).focus();
  await page.keyboard.press('Space');
  await gallery.getByLabel('Name of a new album').fill('Fruit');
  await gallery.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('1 picture put into “Fruit”.')).toBeVisible();
  await gallery.getByRole('button', { name: 'Done' }).click();
  await gallery.getByRole('group', { name: 'Albums' }).getByRole('button', { name: 'Fruit' }).click();
  await expect(gallery.getByText('1 picture', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await app.button(page, 'Gallery').click();
  await expect(gallery.getByRole('button', { name: /^Fruit/ })).toBeVisible();
});
