/** What docs/ux.md says of a first use and no other spec holds: a few findings on each page. */
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

const strip = (page: Page) => page.getByRole('list', { name: 'Newest pictures' }).getByRole('button');
const menu = (page: Page) => page.getByRole('menu', { name: 'Picture' });

test('a link arrives with a card; its picture has a menu, is copied and dragged with a name, and Back closes what is open', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('about:blank');
  await page.goto('./#p=a+red+apple&seed=7&s=2');
  const card = page.getByRole('region', { name: 'A recipe was shared with you' });
  await expect(card).toContainText('a red apple');
  await expect(card).toContainText('seed 7');
  await expect(app.picture(page), 'B1: nothing begins by itself').toHaveCount(0);
  await card.getByRole('button', { name: 'Paint it' }).click();
  await expect(app.facts(page)).toContainText('Seed 7');
  await expect(card).toHaveCount(0);

  await app.picture(page).click({ button: 'right' });
  for (const name of ['Use this recipe', 'Same with another seed', 'Favourite', 'Save PNG', 'Delete'])
    await expect(menu(page).getByRole('menuitem', { name }), `B2: ${name}`).toBeVisible();
  await menu(page).getByRole('menuitem', { name: 'Copy picture' }).click();
  await expect(page.getByText('Picture copied')).toBeVisible();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bitmap = await createImageBitmap(await item.getType('image/png'));
    return [bitmap.width, bitmap.height];
  });
  expect(copied, 'B3').toEqual([128, 128]);

  const dragged = await app.picture(page).evaluate((node) => {
    const dataTransfer = new DataTransfer();
    node.dispatchEvent(new DragEvent('dragstart', { bubbles: true, cancelable: true, dataTransfer }));
    return dataTransfer.getData('DownloadURL');
  });
  expect(dragged, 'B4').toMatch(/^image\/png:gesso-7-a-red-apple\.png:(blob|http)/);

  await app.picture(page).click({ button: 'right' });
  await menu(page).getByRole('menuitem', { name: 'Same with another seed' }).click();
  await expect(strip(page)).toHaveCount(2);
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  const stops = await strip(page).evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).tabIndex));
  expect(
    [...stops].sort((a, b) => a - b),
    'B17: one Tab stop',
  ).toEqual([-1, 0]);

  const here = page.url();
  await app.button(page, 'Gallery').click();
  const gallery = page.getByRole('dialog', { name: 'Gallery' });
  await expect(gallery).toBeVisible();
  await page.goBack();
  await expect(gallery, 'A6').toHaveCount(0);
  await app.button(page, 'Models').first().click();
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(page.url(), 'A6: the app is still there').toBe(here);
  await expect(strip(page)).toHaveCount(2);
});

test('prompts run as they are read, the chip tells why, an unseen picture stands in the title, and the next visit begins with it', async ({
  page,
}) => {
  await page.goto('./');
  const prompt = app.textbox(page, 'Prompt');
  const direction = () => prompt.evaluate((node) => getComputedStyle(node).direction);
  await prompt.fill('תפוח אדום');
  expect(await direction(), 'B18').toBe('rtl');
  await prompt.fill('a red apple');
  expect(await direction()).toBe('ltr');

  await page.getByRole('button', { name: /Ready on the CPU/ }).click();
  await expect(page.locator('[popover]:popover-open'), 'C1').toContainText(/CPU/);
  await page.keyboard.press('Escape');

  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.hasFocus = () => false;
  });
  await app.fillRecipe(page, { seed: 7, steps: 2 });
  await app.generatePicture(page);
  await expect(page, 'B11').toHaveTitle('Done · Gesso');
  await page.reload();
  await expect(app.picture(page), 'B10').toBeVisible();
  await expect(app.facts(page)).toContainText('Seed 7');
});

test('at 1280 × 720 the way on is whole, and the note on a prompt moves nothing', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('./');
  await expect(app.button(page, 'See the models'), 'B5').toBeInViewport({ ratio: 1 });
  await expect(page.getByText('What it can draw')).toBeInViewport({ ratio: 1 });
  await expect(page.getByText(/Ready on/)).toBeVisible();
  const generate = app.button(page, 'Generate');
  const top = async () => (await generate.boundingBox())?.y;
  await app.textbox(page, 'Prompt').fill('a zeppelin');
  const before = await top();
  await expect(page.getByText(/knows nothing of/).first()).toBeVisible();
  expect(await top(), 'B6: the note is below it').toBe(before);
});

test('what is not drawn is said before and under the picture, an empty prompt paints the suggestion, a photo has its camera', async ({
  page,
}) => {
  await page.goto('./');
  const prompt = app.textbox(page, 'Prompt');
  await expect(prompt, 'A5').toHaveAttribute('placeholder', /^For example: /);
  const example = ((await prompt.getAttribute('placeholder')) ?? '').replace('For example: ', '');
  await prompt.fill('three red apples in Paris, please');
  const drawn = page.getByRole('status', { name: 'What is drawn' });
  await expect(drawn, 'A4: plurals and filler').toContainText('Drawn as: three red apples.');
  await expect(drawn.locator('s').first(), 'A4: what is left out is struck out').toBeVisible();
  await expect(drawn.getByRole('button', { name: 'Another model' })).toBeVisible();
  await app.fillRecipe(page, { seed: 7, steps: 2 });
  await app.generatePicture(page);
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices, 'A4: who presses at once reads it too').toContainText(/Left out: .*Paris/);
  await app.picture(page).dblclick();
  const large = page.getByRole('dialog', { name: /^Picture, seed/ });
  await expect(large, 'A4: the large picture').toContainText(/Left out: .*Paris/);
  await page.keyboard.press('Escape');
  await expect(large).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog'), 'the gallery below it').toHaveCount(0);

  await prompt.fill('');
  await app.generatePicture(page);
  await expect(notices, 'A5').toContainText(`Nothing was written, so this is what was suggested: ${example}`);
  await expect(prompt).toHaveValue('');

  const photo = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#48c' } })
    .withExif({ IFD0: { Make: 'Acme', Model: 'One' } })
    .jpeg()
    .toBuffer();
  await page.evaluate((base64) => {
    const dataTransfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  }, photo.toString('base64'));
  await expect(page.getByRole('dialog', { name: 'A picture' }), 'B9').toContainText('a photo taken with Acme One');
});
