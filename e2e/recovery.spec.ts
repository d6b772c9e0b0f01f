/** A way back from every failure: cancel, silence, death of the engine, a storage that is mute, a killed tab. */
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { beginPicture, blockWorker, endWorker } from './support/engine-worker';
import { readImage } from './support/pixels';

/** Long enough on the CPU to be broken in the middle. */
const LONG = { prompt: 'a rocket', seed: 1, steps: 24 };
const note = (page: Page) => page.getByRole('status', { name: 'Just done' });
const bytesOf = async (page: Page) => (await readImage(app.picture(page))).data;

async function unbroken(page: Page) {
  await page.goto('./');
  await app.fillRecipe(page, LONG);
  await app.generatePicture(page);
  return bytesOf(page);
}

test('a cancel keeps the rest, and its Undo goes on with the step where the picture was', async ({ page }) => {
  await page.goto('./');
  await app.number(page, 'Batch count').fill('3');
  await beginPicture(page, LONG);
  await app.button(page, 'Cancel').click();
  await expect(note(page)).toContainText('Cancelled. 2 pictures of it left, held.');
  await note(page).getByText('Cancelled').hover(); // it stays while somebody reads it
  await expect(page.getByText('2 waiting, held')).toBeVisible();
  await expectAccessible(page);
  await note(page).getByRole('button', { name: 'Undo' }).click();
  await expect(app.facts(page)).toContainText('Seed 3', { timeout: 0 });
  await expect(page.getByRole('list', { name: 'Newest pictures' }).locator('img')).toHaveCount(3);
  await page.getByRole('list', { name: 'Newest pictures' }).getByRole('button').last().click();
  const { seed, modelCalls } = await app.readFacts(page);
  expect(seed).toBe(1);
  expect(modelCalls, 'its first calls were known').toBeLessThan(LONG.steps - 1);
});

test('an engine that ends without a word is found out at once, and the picture is finished', async ({ page }) => {
  const expected = await unbroken(page);
  await page.reload();
  await beginPicture(page, LONG);
  await endWorker(page);
  await expect(app.picture(page)).toBeVisible({ timeout: 0 });
  await expect(page.getByText('The engine stopped and was started again')).toBeVisible();
  expect(await bytesOf(page)).toEqual(expected);
});

test('an engine too busy to hear a cancel can be stopped after three seconds, and works again', async ({ page }) => {
  await page.goto('./');
  await beginPicture(page, LONG);
  await blockWorker(page);
  await app.button(page, 'Cancel').click();
  await expect(app.button(page, 'Cancel')).toBeDisabled();
  await app.button(page, 'Stop now').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(note(page)).toContainText('Cancelled.');
  await page.keyboard.press('Control+z');
  await expect(app.picture(page)).toBeVisible({ timeout: 0 });
});

test('silence is told after a minute and ends nothing by itself', async ({ page }) => {
  await page.clock.install();
  await page.goto('./');
  await beginPicture(page, LONG);
  await blockWorker(page);
  await expect(app.button(page, 'Stop now')).toHaveCount(0);
  await page.clock.fastForward(61_000);
  // and what the machine took since the last word
  await expect(page.getByText(/^No answer for [6-9]\d s$/)).toBeVisible();
  await expect(app.button(page, 'Cancel')).toBeEnabled();
  await page.clock.fastForward(600_000);
  await expect(page.getByText(/^No answer for [67]\d\d s$/)).toBeVisible();
  await expectAccessible(page);
  await app.button(page, 'Stop now').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await app.fillRecipe(page, { steps: 2 });
  expect((await app.generatePicture(page)).modelCalls).toBe(2);
});

test('a storage that is mute swallows no picture', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
  });
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 2 });
  await app.generatePicture(page);
  await expect(page.getByText('The browser’s storage does not answer.')).toBeVisible();
  await app.fillRecipe(page, { seed: 8 });
  expect((await app.generatePicture(page)).seed).toBe(8);
  await page.reload();
  await expect(app.textbox(page, 'Prompt'), 'from its copy').toHaveValue('a red apple');
});

test('a killed tab loses neither prompt, line nor pictures, and goes on with the step', async ({ page, context }) => {
  const expected = await unbroken(page);
  await app.number(page, 'Batch count').fill('2');
  await app.fillRecipe(page, { ...LONG, seed: 0 });
  await app.button(page, 'Generate').click();
  const strip = page.getByRole('list', { name: 'Newest pictures' }).locator('img');
  await expect(strip).toHaveCount(2, { timeout: 0 });
  const devtools = await context.newCDPSession(page);
  const crash = page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => undefined); // nobody is left to answer
  await crash;
  const next = await context.newPage();
  await next.goto('./');
  await expect(next.getByText('1 waiting, held')).toBeVisible();
  await expect(app.textbox(next, 'Prompt')).toHaveValue(LONG.prompt);
  await app.button(next, 'Go on').click();
  await expect(app.facts(next)).toContainText('Seed 1', { timeout: 0 });
  expect(await bytesOf(next)).toEqual(expected);
  await next.reload();
  await expect(next.getByText(/waiting/)).toHaveCount(0);
});

test('a second tab finds its line after a reload, and the first takes it up once that one is closed', async ({
  page,
  context,
}) => {
  await page.goto('./');
  await expect(app.button(page, 'Generate')).toBeVisible();
  const second = await context.newPage();
  await second.goto('./');
  await app.number(second, 'Batch count').fill('2');
  await app.fillRecipe(second, LONG);
  await app.button(second, 'Generate').click();
  const isKept = () => second.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await expect.poll(isKept).toBe(true);
  await second.reload();
  await expect(second.getByText('2 waiting, held')).toBeVisible();
  const look = () => page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));
  await look();
  await expect(page.getByText(/waiting/), 'its tab lives').toHaveCount(0);
  await second.close();
  await look();
  await expect(page.getByText('2 waiting, held')).toBeVisible();
});
