/** The starter's own LoRA and embedding: there without adding anything, chosen with a click, and offline once they were seen. */
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { readImage, type Bitmap } from './support/pixels';
import { row } from './support/small-model';

test.use({ serviceWorkers: 'allow' });

const picker = (page: Page) => page.getByRole('dialog', { name: 'LoRAs' });
const prompt = (page: Page) => app.textbox(page, 'Prompt');
const ready = (page: Page) => expect(page.getByText(/Ready on/)).toBeVisible();

/** Share of the pixels that have a colour. */
function colourful({ data }: Bitmap): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const rgb = [...data.slice(i, i + 3)];
    if (Math.max(...rgb) - Math.min(...rgb) > 40) count++;
  }
  return count / (data.length / 4);
}

async function paint(page: Page): Promise<Bitmap> {
  await app.generatePicture(page);
  return readImage(app.picture(page));
}

test('the starter’s LoRA is chosen with a click, and the picture is an ink drawing, offline too', async ({
  page,
  context,
}) => {
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const addOns = (): string[] => asked.filter((path) => path.includes('starter-add-ons'));
  await page.goto('./?provider=wasm');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  await ready(page);
  await app.fillRecipe(page, { prompt: 'a red car', seed: 7, steps: 8 });
  const plain = await paint(page);
  expect(colourful(plain)).toBeGreaterThan(0.2);
  expect(addOns(), 'nothing of them before they are wanted').toEqual([]);

  await app.button(page, 'Choose LoRAs').click();
  const card = picker(page).getByRole('button', { name: /starter-ink/ });
  await expect(card).toContainText(/for Gesso starter · .*built in/);
  await expect(picker(page).getByRole('img').or(card.locator('img'))).toHaveCount(1);
  await expectAccessible(page);
  await card.click();
  await page.keyboard.press('Escape');
  await expect(prompt(page)).toHaveValue('a red car <lora:starter-ink:0.8>');

  await context.setOffline(true);
  await reload(page);
  await ready(page);
  await expect(prompt(page)).toHaveValue('a red car <lora:starter-ink:0.8>');
  expect(colourful(await paint(page))).toBeLessThan(0.1);
});

test('its embedding goes into the prompt; neither can be removed', async ({ page }) => {
  await page.goto('./?provider=wasm');
  await ready(page);
  await app.fillRecipe(page, { prompt: 'a photo of a car', seed: 7, steps: 8 });
  await app.button(page, 'Choose LoRAs').click();
  await picker(page)
    .getByRole('group', { name: 'starter-night' })
    .getByRole('button', { name: 'Prompt', exact: true })
    .click();
  await page.keyboard.press('Escape');
  await expect(prompt(page)).toHaveValue('a photo of a car, starter-night');
  await expect(page.getByRole('status', { name: 'What is drawn' })).toContainText('a car, starter-night');
  const { data } = await paint(page);
  expect(data[0] + data[1], 'a corner of the night').toBeLessThan(160);

  await app.button(page, 'Models').first().click();
  for (const name of ['starter-ink', 'starter-night']) {
    await expect(row(page, name)).toContainText('built in');
    await expect(row(page, name).getByRole('button')).toHaveCount(0);
  }
  await expectAccessible(page);
});
