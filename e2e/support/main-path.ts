/** What the app is for: a prompt in, the picture it asks for out, saved as it was shown. The same on each provider. */
import type { Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { expect } from './app';
import { CORNERS, isRed, isWhite, meanColour, MIDDLE, readImage, readPng, shareOf } from './pixels';

export async function paintRedApple(page: Page): Promise<app.Facts> {
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
  await app.button(page, 'Generate').click();

  const progress = page.getByRole('progressbar', { name: 'Progress' });
  await expect(progress).toBeVisible();
  await expect(app.button(page, 'Cancel')).toBeVisible();

  await expect(app.picture(page)).toBeVisible({ timeout: 0 });
  await expect(progress).toBeHidden();
  const facts = await app.readFacts(page);
  expect(facts.seed).toBe(7);
  expect(facts.modelCalls).toBe(8);
  expect(facts.totalSeconds).toBeGreaterThan(0);

  const bitmap = await readImage(app.picture(page));
  expect([bitmap.width, bitmap.height]).toEqual([128, 128]);
  expect(shareOf(bitmap, MIDDLE, isRed), 'red pixels in the middle').toBeGreaterThan(0.6);
  for (const corner of CORNERS) expect(isWhite(meanColour(bitmap, corner)), 'a white corner').toBe(true);
  return facts;
}

/** Save PNG gives a file with exactly the pixels on the screen. */
export async function expectSavedAsShown(page: Page): Promise<void> {
  const download = await app.savePng(page);
  expect(download.suggestedFilename()).toBe('gesso-7-a-red-apple.png');
  const bytes = await streamBytes(await download.createReadStream());
  expect(readPng(bytes)).toEqual(await readImage(app.picture(page)));
}

async function streamBytes(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same request twice, from two fresh pages, gives the same bytes; another seed does not. */
export async function expectRepeatable(page: Page, address: string, steps: number): Promise<void> {
  const paint = async (seed: number) => {
    await app.fillRecipe(page, { prompt: 'a penguin', seed, steps });
    await app.generatePicture(page);
    return Buffer.from((await readImage(app.picture(page))).data).toString('base64');
  };
  await page.goto(address);
  const first = await paint(42);
  await page.goto(address);
  expect(await paint(42)).toBe(first);
  expect(await paint(43)).not.toBe(first);
}
