/** A picture that starts from another: chosen, dropped, pasted or made here; kept, removed, brought back. */
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import files from '../tools/picture/fixtures/files.json' with { type: 'json' };
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { psnr, readImage, type Bitmap } from './support/pixels';

const SIDE = 128;

/** A red disc on pale blue, low and left of the middle: nothing that words would bring. */
function made(width = SIDE, height = SIDE): Bitmap {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isIn = Math.hypot(x / width - 0.35, y / height - 0.6) < 0.25;
      data.set(isIn ? [200, 40, 40] : [190, 215, 240], 4 * (y * width + x));
    }
  return { width, height, data };
}

function png({ width, height, data }: Bitmap): Buffer {
  const file = new PNG({ width, height });
  file.data = Buffer.from(data);
  return PNG.sync.write(file);
}

const start = (page: Page) => page.getByRole('group', { name: 'Start from a picture' });
const thumbnail = (page: Page) => start(page).getByRole('img', { name: 'To start from' });
const strength = (page: Page) => app.number(page, 'Denoising strength');

async function choose(page: Page, buffer: Buffer, name = 'disc.png') {
  const chooser = page.waitForEvent('filechooser');
  await start(page)
    .getByRole('button', { name: /picture$/ })
    .first()
    .click();
  await (await chooser).setFiles({ name, mimeType: 'image/png', buffer });
}

/** As the browser does when somebody presses Ctrl+V, or lets go of a file over the page. */
async function give(page: Page, how: 'paste' | 'drop', name: string, bytes: Buffer, selector = 'body') {
  await page.evaluate(
    ([kind, fileName, base64, onto]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], fileName));
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data });
      document.querySelector(onto)?.dispatchEvent(event);
    },
    [how, name, bytes.toString('base64'), selector] as const,
  );
}

test('a picture at strength 0.4 resembles what it starts from; a reload keeps it, Undo brings it back', async ({
  page,
}) => {
  await page.goto('./');
  const input = made();
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3 });
  await app.generatePicture(page);
  const fromWords = await readImage(app.picture(page));

  await choose(page, png(input));
  await expect(thumbnail(page)).toBeVisible();
  await expect(start(page)).toContainText('128 × 128');
  await strength(page).fill('0.4');
  await expect(app.number(page, 'Steps')).toHaveAccessibleDescription(/4 are taken/);
  await expectAccessible(page);
  await app.generatePicture(page);
  const fromPicture = await readImage(app.picture(page));
  const [near, far] = [psnr(fromPicture, input), psnr(fromWords, input)];
  expect(near, `${near} dB from the picture, ${far} dB from words`).toBeGreaterThan(far + 3);
  await expect(app.facts(page)).toContainText('from a picture');
  await expect(app.facts(page)).toContainText('Denoising strength 0.4');

  await page.reload();
  await expect(thumbnail(page)).toBeVisible();
  await expect(strength(page)).toHaveValue('0.4');
  await app.generatePicture(page);
  expect(await readImage(app.picture(page)), 'the identical picture').toEqual(fromPicture);

  await app.button(page, 'Remove the picture').click();
  await expect(thumbnail(page)).toHaveCount(0);
  await expect(app.number(page, 'Steps')).not.toHaveAccessibleDescription(/are taken/);
  await app.generatePicture(page);
  expect(await readImage(app.picture(page)), 'from words alone again').toEqual(fromWords);
  await choose(page, png(input));
  await app.button(page, 'Remove the picture').click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(thumbnail(page)).toBeVisible();
});

test('a WebP that lies on its side is started from upright', async ({ page }) => {
  await page.goto('./');
  const { file, width, height, rgba } = files.files['WebP, lying on a side'];
  await choose(page, Buffer.from(file, 'base64'), 'side.webp');
  await expect(start(page)).toContainText(`${width} × ${height}`);
  const shown = await readImage(thumbnail(page));
  expect([...shown.data]).toEqual([...Buffer.from(rgba, 'base64')]);
});

test('strength 0 gives the picture back, and says that no step is taken', async ({ page }) => {
  await page.goto('./');
  await choose(page, png(made()));
  await strength(page).fill('0');
  await expect(strength(page)).toHaveAccessibleDescription(/Nothing is painted/);
  await expect(app.number(page, 'Steps')).toHaveAccessibleDescription(/No step is taken/);
  await app.generatePicture(page);
  expect([...(await readImage(app.picture(page))).data]).toEqual([...made().data]);
  await strength(page).fill('1');
  await expect(strength(page)).toHaveAccessibleDescription(/Everything is painted anew/);
  await app.generatePicture(page);
});

test('starts from a picture of the gallery, and gives its recipe back with the picture', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3, steps: 4 });
  await app.generatePicture(page);
  await page.getByRole('heading', { name: 'Gesso' }).click();
  await page.keyboard.press('g');
  await page
    .getByRole('region', { name: 'Pictures', exact: true })
    .getByRole('button', { name: /seed 3/ })
    .press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Start from this picture' }).last().click();
  await expect(thumbnail(page)).toBeVisible();
  await expect(page.getByText('Starts from this picture')).toBeVisible();
  await app.fillRecipe(page, { prompt: 'a green apple', seed: 9 });
  await app.generatePicture(page);
  const second = await readImage(app.picture(page));

  await app.button(page, 'Remove the picture').click();
  await app.picture(page).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Use this recipe' }).click();
  await expect(thumbnail(page)).toBeVisible();
  await app.generatePicture(page);
  expect(await readImage(app.picture(page)), 'the identical picture').toEqual(second);
});

test('the strip has the menu of its pictures, by mouse and by key', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3, steps: 2 });
  await app.generatePicture(page);
  const cell = page.getByRole('list', { name: 'Newest pictures' }).getByRole('button', { name: /seed 3/ });
  await cell.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Start from this picture' }).waitFor();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(cell).toBeFocused();
  await cell.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Start from this picture' }).click();
  await expect(thumbnail(page)).toBeVisible();
});

test('a finished picture is made larger from its menu, and its words stay with it', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3 });
  await app.generatePicture(page);
  const small = await readImage(app.picture(page));
  await app.picture(page).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Enlarge 4×' }).click();
  await expect(app.facts(page)).toContainText('512 × 512', { timeout: 90_000 });
  await expect(app.facts(page)).toContainText('a red apple');
  const large = await readImage(app.picture(page));
  expect([large.width, large.height]).toEqual([4 * SIDE, 4 * SIDE]);
  // Each pixel became sixteen that are much like it.
  const means = { ...small, data: small.data.map((_, i) => meanOf(large, i)) };
  expect(psnr(means, small)).toBeGreaterThan(25);
  await expect(thumbnail(page), 'the form stays as it is').toHaveCount(0);
});

/** Mean of the sixteen pixels that one pixel of the small picture stands for. @param i  of a level in the small picture */
function meanOf({ width, data }: Bitmap, i: number): number {
  const [pixel, channel] = [Math.floor(i / 4), i % 4];
  const [left, top] = [4 * (pixel % SIDE), 4 * Math.floor(pixel / SIDE)];
  let sum = 0;
  for (let y = top; y < top + 4; y++) for (let x = left; x < left + 4; x++) sum += data[4 * (y * width + x) + channel];
  return sum / 16;
}

test('lays what is seen through on white', async ({ page }) => {
  await page.goto('./');
  const holes = made();
  for (let i = 3; i < holes.data.length; i += 4) holes.data[i] = 0;
  await choose(page, png(holes), 'holes.png');
  await expect(thumbnail(page)).toBeVisible();
  await strength(page).fill('0');
  await app.generatePicture(page);
  expect(new Set((await readImage(app.picture(page))).data)).toEqual(new Set([255]));
});

test('a picture without a recipe that is dropped or pasted is offered to start from', async ({ page }) => {
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  for (const how of ['drop', 'paste'] as const) {
    await give(page, how, 'disc.png', png(made()));
    const dialog = page.getByRole('dialog', { name: 'A picture' });
    await expect(dialog).toContainText('says nothing about how it was made');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Start from this picture' }).click();
    await expect(thumbnail(page)).toBeVisible();
    await app.button(page, 'Remove the picture').click();
  }
  await page.evaluate((base64) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    for (const name of ['one.png', 'two.png']) data.items.add(new File([bytes], name, { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  }, png(made()).toString('base64'));
  const two = page.getByRole('dialog', { name: 'A picture' });
  await expect(two).toContainText('File 1 of 2');
  await two.getByRole('button', { name: 'Show the next' }).click();
  await expect(two).toContainText('File 2 of 2');
  await two.getByRole('button', { name: 'Start from each of the 2 pictures' }).click();
  await expect(page.getByText(/^2 pictures in line, one from each/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await give(page, 'drop', 'disc.png', png(made()), '#field-initImage');
  await expect(thumbnail(page), 'dropped onto the control: nothing is asked').toBeVisible();
});

test('what is no picture to start from is told at the control, in one sentence', async ({ page }) => {
  await page.goto('./');
  const cases: [string, Buffer, RegExp][] = [
    ['broken.png', Buffer.from('no picture at all'), /broken\.png is broken, or of a kind/],
    ['dot.png', png(made(1, 1)), /dot\.png has 1 × 1 pixels: at least 8 a side are needed\.$/],
    ['line.png', png(made(20000, 1)), /line\.png has 20000 × 1 pixels: at least 8 a side are needed\.$/],
  ];
  for (const [name, bytes, sentence] of cases) {
    await choose(page, bytes, name);
    await expect(start(page).getByRole('status')).toHaveText(sentence);
    await expect(thumbnail(page)).toHaveCount(0);
  }
  await choose(page, png(made(5000, 1000)), 'wide.png');
  await expect(start(page)).toContainText('Made smaller, from 5000 × 1000 pixels to 4096 × 819');
  await expect(start(page)).toContainText('4096 × 819');
});

test('a recipe whose picture is not here says so, and keeps everything else', async ({ page, context }) => {
  const hash = 'ab'.repeat(32);
  const text = `a dog
Steps: 4, Sampler: Euler, Schedule type: Karras, CFG scale: 4, Seed: 12, Size: 128x128, Denoising strength: 0.5, Init image: ${hash}, Version: gesso-0.1.0`;
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  await page.evaluate((words) => {
    const data = new DataTransfer();
    data.setData('text/plain', words);
    document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  }, text);
  await app.button(page, 'Take over all').click();
  await expect(start(page)).toContainText('The picture to start from is not here');
  await expect(strength(page)).toHaveValue('0.5');
  await app.button(page, 'Generate').click();
  await expect(app.complaint(page)).toContainText('The picture to start from is not here');
  await expect(start(page).getByRole('button', { name: 'Another picture' })).toBeFocused();
  await choose(page, png(made()));
  await expect(thumbnail(page)).toBeVisible();
  await app.generatePicture(page);

  // A second tab has the picture too.
  const other = await context.newPage();
  await other.goto('./');
  await expect(thumbnail(other)).toBeVisible();
});

test('works from the keyboard alone', async ({ page }) => {
  await page.goto('./');
  await expect(app.button(page, 'Keys')).toBeVisible();
  await app.textbox(page, 'Prompt').fill('a red apple');
  const button = start(page).getByRole('button', { name: 'Choose a picture' });
  // Listening begins before the keys: one that follows at once can be faster than the browser learns of it.
  const chooser = page.waitForEvent('filechooser');
  for (let i = 0; i < 30 && !(await button.evaluate((node) => node === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name: 'disc.png', mimeType: 'image/png', buffer: png(made()) });
  await expect(thumbnail(page)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(app.button(page, 'Remove the picture')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(strength(page)).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('0.3');
  await page.keyboard.press('Control+Enter');
  await expect(app.facts(page)).toContainText('Denoising strength 0.3');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(start(page).getByRole('button', { name: 'Choose a picture' })).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(thumbnail(page)).toBeVisible();
});

test('the large view offers to paint the picture larger tile by tile, from the keyboard', async ({ page }) => {
  await page.goto('./?provider=wasm');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 3 });
  await app.generatePicture(page);
  await app.picture(page).dblclick();
  await page.getByRole('button', { name: 'Enlarge …' }).press('Enter');
  // The built-in model paints one size: it has no second pass.
  await expect(page.getByRole('menuitem')).toHaveText(['Enlarge 4×', 'Enlarge 2× tile by tile']);
  await page.getByRole('menuitem', { name: 'Enlarge 2× tile by tile' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(app.facts(page)).toContainText('256 × 256', { timeout: 90_000 });
});
