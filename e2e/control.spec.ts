/** Units of control in the page: a network is added, a hint drawn or made, painted with, switched off, carried in texts; one that is gone is named. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { readPictureText } from '../src/core/image/metadata';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage, type Bitmap } from './support/pixels';
import { row, sheet, use } from './support/small-model';
import { writeTinyControl, writeTinyModel } from './support/tiny-model';

const MODEL = 'tiny-sd15';
const CONTROL = 'tiny-canny';

const unit = (page: Page, place = 1) => page.getByRole('group', { name: `Control unit ${place}`, exact: true });
const addUnit = (page: Page) => app.button(page, 'Add a control unit');
const drawing = (page: Page) => page.getByRole('dialog', { name: 'Draw the hint' });

async function openWithControl(page: Page, output: (name: string) => string): Promise<void> {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  const folder = sheet(page).getByLabel('Model folder');
  await folder.setInputFiles(writeTinyModel('sd15', output(MODEL)));
  await expect(use(page, MODEL)).toBeVisible({ timeout: 120_000 });
  await folder.setInputFiles(writeTinyControl(output(CONTROL)));
  await expect(row(page, CONTROL)).toBeVisible({ timeout: 120_000 });
  await use(page, MODEL).click();
}

async function paint(page: Page): Promise<Bitmap> {
  await app.generatePicture(page);
  return readImage(app.picture(page));
}

const fill = (page: Page) =>
  app.fillRecipe(page, { prompt: 'a cat', seed: 11, steps: 2, cfg: 5, width: 128, height: 128 });

/** Mean of the differences of their bytes. */
const difference = (one: Bitmap, other: Bitmap): number =>
  one.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]), 0) / one.data.length;

async function infotext(page: Page): Promise<string> {
  const saved = await (await app.savePng(page)).path();
  return readPictureText(new Uint8Array(readFileSync(saved))).texts['parameters'] ?? '';
}

test('a hint is drawn by mouse and painted with; off, the unit is not there; it has a mask of its own, and reads several pictures', async ({
  page,
}, info) => {
  await openWithControl(page, (name) => info.outputPath(name));
  const section = sheet(page).getByRole('region', { name: 'Control networks', exact: true });
  await expect(section).toContainText('ControlNet for SD 1.5');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await fill(page);
  const plain = await paint(page);

  await addUnit(page).click();
  await expect(unit(page).getByLabel('Model', { exact: true })).toHaveValue(CONTROL);
  await expect(unit(page)).toContainText('It sees nothing yet');
  await app.button(page, 'Generate').click();
  await expect(addUnit(page)).toBeFocused();

  await unit(page).getByRole('button', { name: /^Draw/ }).click();
  const stage = drawing(page).getByRole('img', { name: 'The hint, white on black' });
  const box = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x - 60, y - 60);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 60, { steps: 6 });
  await page.mouse.move(x + 60, y - 60, { steps: 6 });
  await page.mouse.up();
  await expectAccessible(page);
  await drawing(page).getByRole('button', { name: 'Done' }).click();
  await expect(unit(page).getByText('Picture, 128 × 128')).toBeVisible();
  await expectAccessible(page);

  const controlled = await paint(page);
  expect(difference(controlled, plain), 'what it changes').toBeGreaterThan(1);
  expect(await infotext(page)).toMatch(/ControlNet 0: "Module: none, Model: tiny-canny[^"]*Weight: 1\.0/);

  await unit(page)
    .getByRole('checkbox', { name: /Control unit 1/ })
    .uncheck();
  expect(difference(await paint(page), plain), 'off').toBe(0);
  await unit(page)
    .getByRole('checkbox', { name: /Control unit 1/ })
    .check();
  expect(difference(await paint(page), controlled), 'on again').toBe(0);

  await unit(page).getByRole('button', { name: 'Remove control unit 1' }).click();
  await expect(unit(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(unit(page).getByText('Picture, 128 × 128')).toBeVisible();
  await reload(page);
  await expect(unit(page).getByText('Picture, 128 × 128')).toBeVisible();
  await expect(unit(page).getByLabel('Model', { exact: true })).toHaveValue(CONTROL);
  await paintItsMask(page);
  await readSeveral(page);
});

/** The mask of the picture that the first unit sees. */
async function paintItsMask(page: Page): Promise<void> {
  await unit(page).getByLabel('Preprocessor', { exact: true }).selectOption('inpaint_only');
  await expect(unit(page)).toContainText('Not masked yet');
  await expect(unit(page)).toContainText('"inpaint_only" needs the mask');
  await unit(page).getByRole('button', { name: 'Paint its own mask of unit 1' }).click();
  const box = (await page.getByRole('dialog').getByRole('img').last().boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await expect(unit(page)).toContainText('Masked by a mask of its own');
  await expect(unit(page).getByText(/^Hint, 128/)).toBeVisible();
  await expect(unit(page)).not.toContainText('needs the mask');
}

/** With an IP-Adapter in the first unit, which has a picture. */
async function readSeveral(page: Page): Promise<void> {
  await app.button(page, 'Models').first().click();
  const buffer = readFileSync('src/engine/fixtures/pipelines/ip-base/weights.safetensors');
  await sheet(page)
    .getByLabel('Model files')
    .setInputFiles({ name: 'ip-tiny.safetensors', mimeType: 'application/octet-stream', buffer });
  await expect(row(page, 'ip-tiny')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await unit(page).getByLabel('Model', { exact: true }).selectOption('ip-tiny');
  const more = unit(page).getByRole('group', { name: 'Further pictures of unit 1' });
  for (const [i, size] of [512, 192].entries()) {
    await more.locator('input[type=file]').setInputFiles(`public/icons/icon-${size}.png`);
    await expect(more.getByRole('img', { name: `Further picture ${i + 1}` })).toBeVisible();
  }
  await more.getByLabel('Several pictures').selectOption('Their average');
  await more.getByRole('button', { name: 'Remove further picture 1' }).click();
  await expect(more.getByRole('img')).toHaveCount(1);
}

test('edges of a picture are its hint; the text of a picture brings the unit back; a network that is gone is named', async ({
  page,
}, info) => {
  await openWithControl(page, (name) => info.outputPath(name));
  await page.keyboard.press('Escape');
  await fill(page);
  await addUnit(page).focus();
  await page.keyboard.press('Enter');
  const file = new URL('../public/icons/icon-192.png', import.meta.url).pathname;
  await unit(page).locator('input[type=file]').setInputFiles(file);
  await unit(page).getByLabel('Preprocessor', { exact: true }).selectOption('canny');
  await expect(unit(page).getByRole('img', { name: 'Its hint' })).toBeVisible();
  await expect(unit(page).getByText('Hint, 512 × 512')).toBeVisible();
  await unit(page).getByLabel('Weight', { exact: true }).fill('0.7');
  await unit(page).getByLabel('Starts at', { exact: true }).fill('0.9');
  await unit(page).getByLabel('Ends at', { exact: true }).fill('0.5');
  await expect(unit(page)).toContainText('It starts at 0.9, after its end at 0.5');
  await unit(page).getByLabel('Starts at', { exact: true }).fill('0');
  await unit(page).getByLabel('Ends at', { exact: true }).fill('1');
  const made = await paint(page);
  const text = await infotext(page);
  expect(text).toMatch(/ControlNet 0: "Module: canny, Model: tiny-canny[^"]*Weight: 0\.7/);

  await unit(page)
    .getByRole('checkbox', { name: /Control unit 1/ })
    .uncheck();
  expect(difference(await paint(page), made), 'what the edges change').toBeGreaterThan(0.5);
  await unit(page).getByRole('button', { name: 'Remove control unit 1' }).click();
  const drop = (words: string) =>
    page.evaluate((all) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([all], 'recipe.txt'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }, words);
  await drop(text);
  const recipe = page.getByRole('dialog', { name: 'Recipe from A1111' });
  await expect(recipe).toContainText('1 unit');
  await recipe.getByRole('button', { name: 'Take over all' }).click();
  await expect(unit(page).getByLabel('Weight', { exact: true })).toHaveValue('0.7');
  expect(difference(await paint(page), made), 'again').toBe(0);
  expect((await infotext(page)).match(/ControlNet 0: /g)).toHaveLength(1);

  await app.button(page, 'Models').first().click();
  await sheet(page)
    .getByRole('button', { name: `Remove ${CONTROL}` })
    .click();
  await page.keyboard.press('Escape');
  await expect(unit(page)).toContainText(`${CONTROL} is not here: add its file, or choose another.`);
  await expect(unit(page).locator('option:checked').first()).toHaveText(`${CONTROL} (not here)`);
  await drop(text.replaceAll('tiny-canny', 'elsewhere'));
  await expect(recipe).toContainText('This ControlNet is not here: elsewhere');
});

test('by the keyboard alone a hint is drawn in lines, and painted with the built-in network; the way to others is there', async ({
  page,
}) => {
  await page.goto('./?provider=wasm');
  await fill(page);
  await addUnit(page).focus();
  await page.keyboard.press('Enter');
  await unit(page).getByRole('button', { name: /^Draw/ }).focus();
  await page.keyboard.press('Enter');
  await drawing(page).getByText('Line by numbers').focus();
  await page.keyboard.press('Enter');
  for (const [label, value] of [
    ['From x', '10'],
    ['From y', '20'],
    ['To x', '100'],
    ['To y', '90'],
  ] as const) {
    await drawing(page).getByLabel(label, { exact: true }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
  await expect(drawing(page).getByRole('button', { name: 'Undo', exact: true })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(drawing(page)).toHaveCount(0);
  await expect(unit(page).getByText('Picture, 128 × 128')).toBeVisible();
  const seen = await readImage(unit(page).getByRole('img', { name: 'What the unit sees' }));
  expect(seen.data.some((level, i) => i % 4 === 0 && level > 200)).toBe(true);

  await expect(unit(page).getByLabel('Model', { exact: true })).toHaveValue('starter-scribble');
  await paint(page);
  expect(await infotext(page)).toMatch(/ControlNet 0: "Module: none, Model: starter-scribble[^"]*Weight: 1\.4/);
  await unit(page).getByRole('button', { name: 'Get more' }).click();
  await expect(sheet(page).getByRole('region', { name: 'Control networks to get' })).toContainText('Scribble');
});
