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
  await expect(page.getByRole('listbox', { name: 'Words that may be meant' }).getByRole('option')).toHaveText(
    /__colour__/,
  );
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a __colour__');
  await expect(page.getByRole('listbox', { name: 'Words that may be meant' })).toHaveCount(0);
});
