/** Drawing something and a picture of it: a sketch, the live picture beside it, and both beside one another. */
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage } from './support/pixels';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Canvas', exact: true });
const stage = (page: Page) => sheet(page).getByRole('img', { name: 'The picture, what is sketched on it' });
const press = (page: Page, name: string) => sheet(page).getByRole('button', { name, exact: true }).click();
const livePicture = (page: Page) => sheet(page).getByRole('img', { name: 'The live picture: a red apple' });
const start = (page: Page) => page.getByRole('group', { name: 'Start from a picture' });

/** Shares of the sheet, which fits the stage, whose shorter side it fills but for a margin. */
async function placeOf(page: Page, [across, down]: [number, number]) {
  const box = await stage(page).boundingBox();
  if (!box) throw new Error('no stage');
  const side = Math.min(box.width, box.height) - 32;
  return { x: box.x + (box.width - side) / 2 + across * side, y: box.y + (box.height - side) / 2 + down * side };
}

async function drag(page: Page, ...places: [number, number][]) {
  for (const [i, place] of places.entries()) {
    const { x, y } = await placeOf(page, place);
    await page.mouse.move(x, y);
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

test('a sketch on a blank sheet becomes a live picture, a kept one, and one that is compared with it', async ({
  page,
}) => {
  await page.goto('./');
  await app.textbox(page, 'Prompt').fill('a red apple');
  await start(page).getByRole('button', { name: 'Draw one' }).click();
  await expect(stage(page)).toBeVisible();
  await drag(page, [0.4, 0.5], [0.6, 0.5], [0.5, 0.6], [0.4, 0.5]);
  await expectAccessible(page);
  await sheet(page).getByRole('switch', { name: 'Live' }).click();
  await expect(livePicture(page)).toBeVisible();
  await press(page, 'Keep');
  await press(page, 'Take a colour');
  await drag(page, [0.5, 0.5]);
  await expect(sheet(page).getByLabel('Colour', { exact: true })).toHaveValue('#e53935');
  await press(page, 'Done');
  await expect(start(page).getByRole('img', { name: 'To start from' })).toBeVisible();

  // The eraser finds the colours apart from the sheet after a reload, too.
  await reload(page);
  await start(page).getByRole('button', { name: 'Sketch' }).click();
  await expect(stage(page)).toBeVisible();
  await press(page, 'Clear');
  await press(page, 'Take a colour');
  await drag(page, [0.5, 0.5]);
  await expect(sheet(page).getByLabel('Colour', { exact: true })).toHaveValue('#ffffff');
  await page.keyboard.press('Control+z');
  await press(page, 'Done');

  // What was kept is one picture; the sketch is what it started from.
  await app.picture(page).dblclick();
  const large = page.getByRole('dialog', { name: /^Picture, seed/ });
  await large.getByRole('button', { name: 'Before/after' }).click();
  const before = page.getByRole('dialog', { name: 'Before and after' }).getByRole('img', { name: 'Before' });
  await expect(before).toBeVisible();
  const { width, data } = await readImage(before);
  expect([...data.slice(0, 3), ...data.slice(4 * (width / 2) * (width + 1)).slice(0, 3)]).toEqual([
    ...[255, 255, 255],
    ...[229, 57, 53],
  ]);
});

test('sketches from the keyboard, masks what is sketched, and takes both back at once', async ({ page }) => {
  await page.goto('./');
  const draw = start(page).getByRole('button', { name: 'Draw one' });
  await draw.focus();
  await page.keyboard.press('Enter');
  await expect(stage(page)).toBeVisible();
  await sheet(page).getByRole('button', { name: 'Blue', exact: true }).press('Enter');
  await sheet(page).getByRole('checkbox', { name: 'Mask what is sketched' }).press(' ');
  await sheet(page).getByText('Rectangle by numbers').press('Enter');
  for (const [side, value] of Object.entries({ Left: '0', Top: '0', Width: '64', Height: '64' }))
    await sheet(page).getByRole('spinbutton', { name: side }).fill(value);
  await sheet(page).getByRole('spinbutton', { name: 'Height' }).press('Enter');
  await expect(sheet(page).getByText('25 % masked')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(sheet(page).getByText('Nothing is masked')).toBeVisible();
  await page.keyboard.press('Control+y');
  await expect(sheet(page).getByText('25 % masked')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(start(page).getByRole('button', { name: 'Edit the mask' })).toBeVisible();
});
