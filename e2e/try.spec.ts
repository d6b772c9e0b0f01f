/** Things to try: a press fills the form and paints, nothing is fetched from elsewhere; a drawn shape is kept. */
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage, type Bitmap } from './support/pixels';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Things to try' });

async function press(page: Page, title: string): Promise<Bitmap> {
  const before = (await app.facts(page).count()) > 0 ? await app.facts(page).getAttribute('data-picture') : 'none';
  await sheet(page).getByRole('button', { name: title }).click();
  await expect(sheet(page)).toBeHidden();
  await page.locator(`section[data-picture]:not([data-picture="${before}"])`).waitFor({ timeout: 60_000 });
  return readImage(app.picture(page));
}

/** Share of all pixels that are not white which lies inside the drawn fish, grown by a pen's width; and how much of the fish is filled. */
function inFish({ width, data }: Bitmap): { inside: number; filled: number } {
  const isFish = (x: number, y: number, by: number): boolean =>
    Math.hypot((x - 52) / (38 + by), (y - 64) / (24 + by)) <= 1 ||
    (x >= 86 - by && x <= 116 + by && Math.abs(y - 64) <= ((x - 86 + by) / 30) * 22 + by);
  let [painted, inside, fish, filled] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    const stands = Math.min(data[i], data[i + 1], data[i + 2]) < 225;
    if (stands) painted += 1;
    if (stands && isFish(x, y, 5)) inside += 1;
    if (isFish(x, y, 0)) fish += 1;
    if (stands && isFish(x, y, 0)) filled += 1;
  }
  return { inside: inside / painted, filled: filled / fish };
}

test('a press keeps a drawn shape with the built-in ControlNet, and another paints into a picture', async ({
  page,
}) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Ten things to try …').click();
  await expect(sheet(page).getByRole('listitem')).toHaveCount(10);
  await expect(sheet(page).locator('li img')).toHaveCount(10);
  await expectAccessible(page);
  const { inside, filled } = inFish(await press(page, 'Keep the shape I draw'));
  expect(inside, 'painted within the strokes').toBeGreaterThan(0.85);
  expect(filled, 'of what the strokes enclose').toBeGreaterThan(0.7);
  await expect(page.getByRole('group', { name: 'Control unit 1', exact: true })).toBeVisible();

  await app.button(page, 'More ways to generate').click();
  await page.getByRole('menuitem', { name: 'Things to try …' }).click();
  await press(page, 'Paint a hat into it');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a hat above a cat');
  await expect(page.getByRole('group', { name: 'Control unit 1', exact: true })).toBeHidden();
  // By its key: the note with the button goes after ten seconds, which a busy machine may need for the picture.
  await page.getByRole('heading', { name: 'Gesso' }).click();
  await page.keyboard.press('Control+z');
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a blue fish');
});
