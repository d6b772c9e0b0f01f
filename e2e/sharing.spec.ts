/** Recipes come in by paste, drop and link, and leave in files and links; each gives the identical picture. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage } from './support/pixels';

const RECIPE = {
  prompt: 'a red apple, (shiny:1.2)',
  negative: 'leaf',
  seed: 7,
  steps: 3,
  sampler: 'euler_ancestral',
  cfg: 5,
};

const INFOTEXT = `a blue car
Negative prompt: red
Steps: 5, Sampler: DPM++ 2M Karras, CFG scale: 3.5, Seed: 99, Size: 64x64, Model hash: 0123456789, Model: someOtherModel, Clip skip: 2, Weird key: kept as it is, Version: v1.7.0`;

/** As the browser does when somebody presses Ctrl+V, or lets go of files over the page. */
async function give(
  page: Page,
  how: 'paste' | 'drop',
  what: { text?: string; file?: { name: string; bytes: Buffer } },
) {
  // Nothing listens before the app stands.
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  const file = what.file && { name: what.file.name, base64: what.file.bytes.toString('base64') };
  await page.evaluate(
    ([kind, text, given]) => {
      const data = new DataTransfer();
      if (text) data.setData('text/plain', text);
      if (given) {
        const bytes = Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], given.name));
      }
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data });
      (document.activeElement ?? document.body).dispatchEvent(event);
    },
    [how, what.text, file] as const,
  );
}

async function paint(page: Page) {
  await app.generatePicture(page);
  return readImage(app.picture(page));
}

test('the same recipe from a PNG and from its link gives the identical picture', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./');
  await app.fillRecipe(page, RECIPE);
  const first = await paint(page);
  const download = await app.savePng(page);
  const bytes = readFileSync(await download.path());
  await app.button(page, 'Share').click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await app.fillRecipe(page, { prompt: 'something else', negative: '', seed: 1, steps: 9, sampler: 'ddim', cfg: 2 });
  await give(page, 'drop', { file: { name: 'apple.png', bytes } });
  await app.button(page, 'Take over all').click();
  await expect(app.textbox(page, 'Prompt')).toHaveValue(RECIPE.prompt);
  expect(await paint(page), 'from the PNG').toEqual(first);

  await app.fillRecipe(page, { prompt: 'something else', negative: '', seed: 1, steps: 9, sampler: 'ddim', cfg: 2 });
  await page.goto('about:blank');
  await page.goto(link);
  await expect(app.textbox(page, 'Prompt')).toHaveValue(RECIPE.prompt);
  await expect(page.getByText(/Ready on/)).toBeVisible();
  expect(page.url(), 'the recipe has left the address').not.toContain('#');
  await expect(app.picture(page), 'nothing begins by itself').toHaveCount(0);
  expect(await paint(page), 'from the link').toEqual(first);
});

test('pasting an infotext shows what would change, and takes over parts or all', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 5 });
  await give(page, 'paste', { text: 'just words' });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await give(page, 'paste', { text: INFOTEXT });
  const dialog = page.getByRole('dialog', { name: 'Recipe from A1111' });
  await expect(dialog.getByRole('list', { name: 'What to know' })).toContainText(
    'Not in your library: someOtherModel [0123456789]',
  );
  await expect(dialog.getByRole('list', { name: 'What would change' })).toContainText('DPM++ 2M');
  await expectAccessible(page);
  await dialog.getByRole('checkbox', { name: /^Prompt/ }).uncheck();
  await dialog.getByRole('button', { name: /Take over \d+ of \d+/ }).click();
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a cat');
  await expect(app.textbox(page, 'Negative prompt')).toHaveValue('red');
  await expect(app.choice(page, 'Sampler')).toHaveValue('dpmpp_2m');
  await expect(app.number(page, 'Seed')).toHaveValue('99');

  await app.generatePicture(page);
  const download = await app.savePng(page);
  const text = readFileSync(await download.path()).toString('latin1');
  expect(text, 'unknown keys travel on').toContain('Weird key: kept as it is');
  await page.keyboard.press('Control+z');
  await expect(app.number(page, 'Seed')).toHaveValue('5');
});

test('a link that is damaged or from another model says so, and fills what it can', async ({ page }) => {
  await page.goto('./#p=a+penguin&seed=12&m=no-such-model&s=99999&bogus=1&v=99');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a penguin');
  await expect(app.number(page, 'Seed')).toHaveValue('12');
  await expect(page.getByText(/Not in your library: no-such-model/)).toBeVisible();
  await expect(page.getByText(/from a newer version of Gesso/)).toBeVisible();
  await expectAccessible(page);
});

test('a file that holds no recipe is refused in one sentence', async ({ page }) => {
  await page.goto('./');
  await give(page, 'drop', { file: { name: 'noise.bin.png', bytes: Buffer.from([0, 1, 2, 3, 255]) } });
  await expect(page.getByText('noise.bin.png is neither a picture nor a text that can be read.')).toBeVisible();
});

test('shows a link as a QR code, and saves JPEG with the recipe in it', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 3, steps: 2 });
  await app.generatePicture(page);
  await app.button(page, 'Share').click();
  await expectAccessible(page);
  await page.getByRole('menuitem', { name: 'QR code' }).click();
  await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  await expect(page.getByText(/#p=a\+cat&.*seed=3/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await app.button(page, 'Share').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as JPEG' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('gesso-3-a-cat.jpg');
  const bytes = readFileSync(await download.path());
  await give(page, 'paste', { file: { name: 'a.jpg', bytes } });
  await expect(page.getByRole('dialog')).toContainText('The form says the same already.');
});
