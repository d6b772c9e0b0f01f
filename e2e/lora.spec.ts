/** LoRAs in the page: dropped, listed, put into the prompt, painted with, removed; one that is not here is said. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { hashesOf } from '../src/core/adapters';
import { bytesSource, openTensorFile } from '../src/core/formats';
import { readPictureText } from '../src/core/image/metadata';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage, type Bitmap } from './support/pixels';
import { row, sheet, use } from './support/small-model';
import { tinyLora } from './support/tiny-adapters';
import { writeTinyModel } from './support/tiny-model';

const MODEL = 'tiny-sd15';
const picker = (page: Page) => page.getByRole('dialog', { name: 'LoRAs' });
const prompt = (page: Page) => app.textbox(page, 'Prompt');
const form = (page: Page) => page.getByRole('list', { name: 'LoRAs in the prompt' });

/** As files that are dragged onto the page. */
async function drop(page: Page, files: Record<string, Buffer | string>): Promise<void> {
  const texts = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const);
  await page.evaluate((all) => {
    const dropped = new DataTransfer();
    for (const [name, text] of all)
      dropped.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }, texts);
}

async function useTinyModel(page: Page, folder: string): Promise<void> {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  await sheet(page).getByLabel('Model folder').setInputFiles(writeTinyModel('sd15', folder));
  await expect(use(page, MODEL)).toBeVisible({ timeout: 120_000 });
  await use(page, MODEL).click();
  await page.keyboard.press('Escape');
}

async function paint(page: Page, text: string): Promise<Bitmap> {
  await app.fillRecipe(page, { prompt: text, seed: 11, steps: 2, cfg: 5, width: 128, height: 128 });
  await app.generatePicture(page);
  return readImage(app.picture(page));
}

/** Mean of the differences of their bytes. */
const difference = (one: Bitmap, other: Bitmap): number =>
  one.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]), 0) / one.data.length;

test('a LoRA is dropped, listed, put into the prompt and painted with, and at strength 0 it is not there', async ({
  page,
}, info) => {
  await useTinyModel(page, info.outputPath(MODEL));
  await drop(page, {
    'ink.safetensors': tinyLora(1),
    'ink.json': '{"activation text": "inky, wet paper", "preferred weight": 0.8}',
    'copy of ink.safetensors': tinyLora(1),
  });
  const listed = row(page, 'ink');
  await expect(listed).toContainText(`LoRA for ${MODEL} · rank 2`);
  await expect(listed).toContainText('Words: inky, wet paper');
  await expect(sheet(page).getByRole('button', { name: /^Remove / })).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  const plain = await paint(page, 'a cat');
  await app.button(page, 'Choose LoRAs').click();
  await expectAccessible(page);
  await picker(page).getByRole('button', { name: /^ink/ }).click();
  await page.keyboard.press('Escape');
  await expect(prompt(page)).toHaveValue('a cat <lora:ink:0.8>');
  await expectAccessible(page);

  const changed = await paint(page, 'a cat <lora:ink:0.8>');
  expect(difference(changed, plain), 'what it changes').toBeGreaterThan(1);
  const saved = await (await app.savePng(page)).path();
  const { texts } = readPictureText(new Uint8Array(readFileSync(saved)));
  expect(texts['parameters']).toMatch(/Lora hashes: "ink: [0-9a-f]{12}"/);

  await form(page).getByLabel('Strength', { exact: true }).fill('0');
  await expect(prompt(page)).toHaveValue('a cat <lora:ink:0>');
  expect(difference(await paint(page, 'a cat <lora:ink:0>'), plain)).toBe(0);

  await form(page).getByRole('checkbox', { name: 'On' }).check();
  await expect(prompt(page)).toHaveValue('a cat <lora:ink:1>');
  await form(page).getByRole('button', { name: 'inky' }).click();
  await expect(prompt(page)).toHaveValue('a cat, inky <lora:ink:1>');
  await page.keyboard.press('Control+Z');
});

test('one that is not here is said in the form and at the picture; what is removed can be taken back', async ({
  page,
}, info) => {
  await useTinyModel(page, info.outputPath(MODEL));
  await drop(page, { 'ink.safetensors': tinyLora(1) });
  await expect(row(page, 'ink')).toBeVisible();
  await drop(page, { 'ink.safetensors': tinyLora(7) });
  await expect(row(page, 'ink-2')).toBeVisible();
  await expect(sheet(page)).toContainText('Another is called ink: this one is ink-2.');
  await row(page, 'ink-2').getByRole('button', { name: 'Remove ink-2' }).click();
  await expect(row(page, 'ink-2')).toContainText('was removed');
  await page.keyboard.press('Enter'); // Undo has the focus
  await row(page, 'ink-2').getByRole('button', { name: 'Remove ink-2' }).click();
  await page.keyboard.press('Escape');

  await paint(page, 'a cat <lora:ink-2:1>');
  await expect(form(page)).toContainText('There is no LoRA of this name here');
  await expect(form(page).getByRole('link', { name: 'Search Civitai' })).toHaveAttribute('rel', /noopener/);
  await expect(page.getByRole('status', { name: 'Notices' })).toContainText('there is no LoRA "ink-2" here');
  await expectAccessible(page);

  await form(page).getByRole('button', { name: 'Add a file' }).click();
  await picker(page)
    .getByLabel('LoRA files')
    .setInputFiles([
      { name: 'ink-2.safetensors', mimeType: '', buffer: tinyLora(7) },
      { name: 'cut.safetensors', mimeType: '', buffer: tinyLora(8).subarray(0, 400) },
    ]);
  await expect(picker(page)).toContainText('ink-2 is on this computer');
  await expect(picker(page).getByRole('alert')).toContainText('cut.safetensors');
  await picker(page).getByRole('button', { name: 'Discard' }).click();
  await page.keyboard.press('Escape');
  await expect(form(page).getByLabel('Strength', { exact: true })).toHaveValue('1');

  await reload(page);
  await app.button(page, 'Models').first().click();
  await expect(row(page, 'ink')).toBeVisible();
  await expect(row(page, 'ink-2')).toBeVisible();
});

test('is used with the keyboard alone, and found by its hash under another name', async ({ page }, info) => {
  await useTinyModel(page, info.outputPath(MODEL));
  await drop(page, { 'ink.safetensors': tinyLora(1) });
  await expect(row(page, 'ink')).toBeVisible();
  await page.keyboard.press('Escape');
  await prompt(page).fill('a cat');
  await app.button(page, 'Choose LoRAs').focus();
  await page.keyboard.press('Enter');
  const card = picker(page).getByRole('button', { name: /^ink/ });
  await expect(card).toBeVisible();
  for (let tabs = 0; tabs < 6 && !(await card.evaluate((node) => node === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(card).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(app.button(page, 'Choose LoRAs')).toBeFocused();
  const strength = form(page).getByLabel('Strength', { exact: true });
  await expect(strength).toBeVisible();
  for (let tabs = 0; tabs < 8 && !(await strength.evaluate((node) => node === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await expect(strength).toBeFocused();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  await expect(prompt(page)).toHaveValue('a cat <lora:ink:0.8>');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(prompt(page)).toHaveValue('a cat');
  await expect(app.button(page, 'Choose LoRAs')).toBeFocused();

  await drop(page, {
    'ink.txt': `a dog <lora:Ink Wash:0.5>
Steps: 2, Sampler: Euler a, CFG scale: 5, Seed: 12, Size: 128x128, Lora hashes: "Ink Wash: ${await hashOf(tinyLora(1))}"`,
  });
  const recipe = page.getByRole('dialog', { name: 'Recipe from A1111' });
  await expect(recipe).toContainText('a dog <lora:ink:0.5>');
  await recipe.getByRole('button', { name: 'Take over all' }).click();
  await expect(prompt(page)).toHaveValue('a dog <lora:ink:0.5>');
});

/** As A1111 computes it. */
async function hashOf(file: Buffer): Promise<string> {
  const hashes = await hashesOf(await openTensorFile(bytesSource('x.safetensors', file)));
  return hashes.addnetShort ?? '';
}
