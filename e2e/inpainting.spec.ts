/** Repainting a part of a picture: the mask by mouse, fingers and keyboard; what it changes and what it leaves. */
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage, type Bitmap } from './support/pixels';

const SIDE = 128;

/** A red disc on pale blue. */
function made(): Bitmap {
  const data = new Uint8Array(SIDE * SIDE * 4).fill(255);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      data.set(Math.hypot(x - 40, y - 76) < 28 ? [200, 40, 40] : [190, 215, 240], 4 * (y * SIDE + x));
  return { width: SIDE, height: SIDE, data };
}

function png({ width, height, data }: Bitmap): Buffer {
  const file = new PNG({ width, height });
  file.data = Buffer.from(data);
  return PNG.sync.write(file);
}

const start = (page: Page) => page.getByRole('group', { name: 'Start from a picture' });
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Canvas', exact: true });
const stage = (page: Page) => sheet(page).getByRole('img', { name: 'The picture, what is sketched on it' });
const masked = (page: Page) => sheet(page).getByRole('status');
const tool = (page: Page, name: string) => sheet(page).getByRole('button', { name, exact: true });

async function choose(page: Page, buffer = png(made())) {
  await page.goto('./');
  const chooser = page.waitForEvent('filechooser');
  await start(page).getByRole('button', { name: 'Choose a picture' }).click();
  await (await chooser).setFiles({ name: 'disc.png', mimeType: 'image/png', buffer });
  await expect(start(page).getByRole('img', { name: 'To start from' })).toBeVisible();
}

async function openMask(page: Page) {
  await start(page)
    .getByRole('button', { name: /^(Repaint a part|Edit the mask)$/ })
    .click();
  await expect(stage(page)).toBeVisible();
}

/** From one share of the picture to another; it fits the stage, whose shorter side it fills but for a margin. */
async function drag(page: Page, from: [number, number], to: [number, number]) {
  const [a, b] = [await placeOf(page, from), await placeOf(page, to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
  await page.mouse.move(b.x, b.y);
  await page.mouse.up();
}

async function placeOf(page: Page, [across, down]: [number, number]) {
  const box = await stage(page).boundingBox();
  if (!box) throw new Error('no stage');
  const side = Math.min(box.width, box.height) - 32;
  return {
    x: box.x + (box.width - side) / 2 + across * side,
    y: box.y + (box.height - side) / 2 + down * side,
  };
}

/** Mean difference of levels within columns. */
function change(a: Bitmap, b: Bitmap, from: number, to: number): number {
  let [sum, count] = [0, 0];
  for (let y = 0; y < SIDE; y++)
    for (let x = from; x < to; x++)
      for (let c = 0; c < 3; c++) {
        const at = 4 * (y * SIDE + x) + c;
        sum += Math.abs(a.data[at] - b.data[at]);
        count++;
      }
  return sum / count;
}

test('what is masked is painted anew, and nothing else; a reload keeps the mask, Undo brings it back', async ({
  page,
}) => {
  await choose(page);
  await app.textbox(page, 'Prompt').fill('a yellow banana');
  await openMask(page);
  await expect(masked(page)).toHaveText('Nothing is masked');
  await expectAccessible(page);
  await page.keyboard.press('u');
  await drag(page, [0.5, -0.02], [1.02, 1.02]);
  await expect(masked(page)).toHaveText('50 % masked');
  await expect
    .poll(() => page.evaluate(() => JSON.stringify(localStorage).includes('initMask')), 'is kept while it is painted')
    .toBe(true);
  await page.keyboard.press('Control+z');
  await expect(masked(page)).toHaveText('Nothing is masked');
  await tool(page, 'Redo').click();
  await expect(masked(page)).toHaveText('50 % masked');
  await tool(page, 'Done').click();
  await expect(sheet(page)).toHaveCount(0);

  await app.number(page, 'Denoising strength').fill('1');
  await app.generatePicture(page);
  const painted = await readImage(app.picture(page));
  expect(change(painted, made(), 0, 56), 'what is not masked').toBeLessThan(0.5);
  expect(change(painted, made(), 72, 128), 'what is masked').toBeGreaterThan(8);

  await reload(page);
  await expect(start(page).getByRole('button', { name: 'Edit the mask' })).toBeVisible();
  await openMask(page);
  await expect(masked(page)).toHaveText('50 % masked');
  await tool(page, 'Clear').click();
  await page.keyboard.press('Escape');
  await expect(start(page).getByRole('button', { name: 'Repaint a part' })).toBeVisible();
  await app.button(page, 'Undo').click();
  await expect(start(page).getByRole('button', { name: 'Edit the mask' })).toBeVisible();
  await start(page).getByRole('button', { name: 'Remove the mask' }).click();
  await expect(start(page).getByRole('button', { name: 'Repaint a part' })).toBeFocused();
});

test('brush, eraser, lasso and the rest leave what they should', async ({ page }) => {
  await choose(page);
  await openMask(page);
  const share = async (): Promise<number> => parseInt((await masked(page).textContent()) ?? '', 10) || 0;
  await drag(page, [0.2, 0.5], [0.8, 0.5]);
  const brushed = await share();
  expect(brushed).toBeGreaterThan(5);
  await page.keyboard.press('x');
  await drag(page, [0.5, 0.5], [0.9, 0.5]);
  expect(await share()).toBeLessThan(brushed);
  await tool(page, 'Invert').click();
  expect(await share()).toBeGreaterThan(100 - brushed);
  await tool(page, 'Clear').click();
  await page.keyboard.press('l');
  const corner = await placeOf(page, [0, 0]);
  const end = await placeOf(page, [1, 1]);
  await page.mouse.move(corner.x, corner.y);
  await page.mouse.down();
  await page.mouse.move(end.x, corner.y, { steps: 5 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await page.mouse.up();
  await expect(masked(page)).toHaveText('50 % masked');
  await tool(page, 'Everything').click();
  await expect(masked(page)).toHaveText('100 % masked');

  // A mask that another program made.
  const half = made();
  for (let i = 0; i < SIDE * SIDE; i++) half.data.set(i < (SIDE * SIDE) / 4 ? [255, 255, 255] : [0, 0, 0], 4 * i);
  const chooser = page.waitForEvent('filechooser');
  await tool(page, 'From a file').click();
  await (await chooser).setFiles({ name: 'mask.png', mimeType: 'image/png', buffer: png(half) });
  await expect(masked(page)).toHaveText('25 % masked');
});

test('works from the keyboard alone', async ({ page }) => {
  await choose(page);
  const button = start(page).getByRole('button', { name: 'Repaint a part' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(stage(page)).toBeVisible();
  await sheet(page).getByText('Rectangle by numbers').focus();
  await page.keyboard.press('Enter');
  for (const [side, value] of Object.entries({ Left: '32', Top: '0', Width: '32', Height: '128' })) {
    await sheet(page).getByRole('spinbutton', { name: side }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
  await expect(masked(page)).toHaveText('25 % masked');
  await page.keyboard.press('Control+i');
  await expect(masked(page)).toHaveText('75 % masked');
  await page.keyboard.press('Escape');
  await expect(start(page).getByRole('button', { name: 'Edit the mask' })).toBeFocused();
});

test.describe('with fingers', () => {
  test.use({ hasTouch: true, viewport: { width: 1024, height: 768 } });

  test('one paints, two zoom and move without painting, a tap of two undoes', async ({ page }) => {
    await choose(page);
    await openMask(page);
    const devtools = await page.context().newCDPSession(page);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) => {
      const touchPoints = await Promise.all(points.map(async (point) => await placeOf(page, point)));
      await devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: touchPoints.map((at, id) => ({ ...at, id })),
      });
    };
    await touch('touchStart', [0.3, 0.3]);
    await touch('touchMove', [0.7, 0.3]);
    await touch('touchEnd');
    await expect(masked(page)).not.toHaveText('Nothing is masked');
    const painted = (await masked(page).textContent()) ?? '';
    await touch('touchStart', [0.4, 0.5]);
    await touch('touchStart', [0.4, 0.5], [0.6, 0.5]);
    await touch('touchMove', [0.1, 0.5], [0.9, 0.5]);
    await touch('touchEnd', [0.1, 0.5]);
    await touch('touchEnd');
    await expect(masked(page)).toHaveText(painted);
    // A busy machine may be too slow for a tap.
    await expect(async () => {
      await touch('touchStart', [0.4, 0.5], [0.6, 0.5]);
      await touch('touchEnd');
      await expect(masked(page)).toHaveText('Nothing is masked', { timeout: 500 });
    }).toPass({ timeout: 30_000 });
  });
});

test('more room is painted around a picture: by dragging the frame, and by numbers', async ({ page }) => {
  await choose(page);
  await app.textbox(page, 'Prompt').fill('a red apple');
  await start(page).getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Extend the picture' });
  await expect(app.button(page, 'Extend').last()).toBeDisabled();
  const handle = await dialog.locator('.handle.right:not(.corner)').boundingBox();
  if (!handle) throw new Error('no handle');
  await page.mouse.move(handle.x + 16, handle.y + 16);
  await page.mouse.down();
  await page.mouse.move(handle.x + 66, handle.y + 16, { steps: 4 });
  await page.mouse.up();
  await expect(app.number(page, 'Right')).not.toHaveValue('0');
  await app.number(page, 'Right').fill('32');
  await app.number(page, 'Left').fill('5000');
  await expect(dialog).toContainText('is too large: at most 4096 pixels a side');
  await app.number(page, 'Left').fill('0');
  await expect(dialog.getByRole('status')).toContainText('160 × 128 pixels');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Extend', exact: true }).click();
  await expect(start(page)).toContainText('160 × 128');
  await app.generatePicture(page);
  const painted = await readImage(app.picture(page));
  expect([painted.width, painted.height]).toEqual([160, 128]);
  const cut: Bitmap = { width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE * 4) };
  for (let y = 0; y < SIDE; y++) cut.data.set(painted.data.subarray(4 * 160 * y, 4 * (160 * y + SIDE)), 4 * SIDE * y);
  expect(change(cut, made(), 0, 64), 'the old picture').toBeLessThan(0.5);
  await app.button(page, 'Undo').click();
  await expect(start(page)).toContainText('128 × 128');
});
