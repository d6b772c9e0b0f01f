/**
 * Firefox and WebKit, the engine of Safari: one path through the whole app in each. Neither has WebGPU here, so that the CPU
 * paints; WebKit has no JSPI, no `navigator.storage`, and, in the private sessions that are driven, no Blobs in IndexedDB.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openFirefox } from '../../tools/engines/firefox.mjs';
import type { Driven } from '../../tools/engines/locate.mjs';
import { openWebkit } from '../../tools/engines/webkit.mjs';
import { DIST, STARTER_PACK } from '../../tools/lib/paths.mjs';
import { serve } from '../../tools/lib/serve.mjs';
import { isReady, paint, press, sees, until, valueOf } from '../support/driven-app';
import { CORNERS, isRed, isWhite, meanColour, MIDDLE, shareOf, type Bitmap } from '../support/pixels';

const PRIVATE = 'This is a private window';
const ENGINES = [
  { name: 'Firefox', path: process.env.GESSO_FIREFOX, open: openFirefox, isPrivate: false },
  { name: 'WebKit', path: process.env.GESSO_WEBKIT, open: openWebkit, isPrivate: true },
];

const packFiles = readdirSync(STARTER_PACK)
  .filter((name) => /\.(json|bin)$/.test(name))
  .map((name) => join(STARTER_PACK, name));

/** @param side  512 as a newcomer's come, 128 as they are painted */
function expectRedApple(picture: Bitmap, side: number): void {
  expect([picture.width, picture.height]).toEqual([side, side]);
  expect(shareOf(picture, MIDDLE, isRed), 'red pixels in the middle').toBeGreaterThan(0.6);
  for (const corner of CORNERS) expect(isWhite(meanColour(picture, corner)), 'a white corner').toBe(true);
}

for (const { name, path = '', open, isPrivate } of ENGINES)
  test(`${name} paints, keeps, shows, links, imports, and does without a network`, async () => {
    const info = test.info();
    test.skip(path === '', `${name} is not installed here: see docs/testing.md`);
    const server = await serve({ dir: DIST, port: 0 });
    const browser = await open(path);
    info.annotations.push({ type: 'browser', description: browser.version });
    try {
      await browser.resize(1280, 800);
      await browser.goto(server.url);
      await firstPicture(browser);
      await keepsIt(browser, isPrivate);
      const link = await linkOf(browser);
      await imports(browser);
      await until(browser, 'a service worker', () => navigator.serviceWorker.controller?.state === 'activated');
      await server.close();
      await opensLink(browser, link);
      expect(browser.errors).toEqual([]);
    } catch (error) {
      writeFileSync(info.outputPath('screen.png'), await browser.screenshot());
      throw error;
    } finally {
      await browser.close();
      await server.close();
    }
  });

async function firstPicture(browser: Driven): Promise<void> {
  await isReady(browser);
  await sees(browser, 'This browser does not offer WebGPU. Runs without the GPU, more slowly');
  await browser.type(['field', 'Prompt'], 'a red apple');
  await browser.type(['field', 'Seed'], '7');
  const { facts, picture } = await paint(browser);
  expect([facts.seed, facts.provider, facts.modelCalls]).toEqual(['7', 'wasm', '8']);
  expectRedApple(picture, 512);
}

async function keepsIt(browser: Driven, isPrivate: boolean): Promise<void> {
  if (isPrivate) await sees(browser, PRIVATE);
  await browser.reload();
  await until(browser, 'the prompt as it was', () => document.querySelector('textarea')?.value === 'a red apple');
  await press(browser, 'Gallery');
  await sees(browser, '1 picture');
  const sizes = (): Promise<number[]> =>
    browser.run(() =>
      [...document.querySelectorAll<HTMLImageElement>('[role=dialog] img')].map(({ naturalWidth }) => naturalWidth),
    );
  await expect.poll(sizes, 'the picture in the gallery').toEqual([320]);
  await press(browser, 'Close the gallery');
}

async function linkOf(browser: Driven): Promise<string> {
  await press(browser, 'Share');
  await press(browser, 'QR code …');
  const text = (): Promise<string> =>
    browser.run(() => document.querySelector('[role=dialog] p')?.textContent?.trim() ?? '');
  await expect.poll(text).toMatch(/^http.*#/);
  const link = await text();
  await press(browser, 'Close');
  return link;
}

async function imports(browser: Driven): Promise<void> {
  await press(browser, 'Models');
  await until(browser, 'a field for files', () => document.querySelector('input[type=file][multiple]') !== null);
  await browser.upload(['field', 'Model files'], packFiles);
  const name = (): Promise<string> =>
    browser.run(() => document.querySelector('[role=group][aria-label=Result] button')?.textContent?.trim() ?? '');
  await expect.poll(name, { message: 'the model can be used', timeout: 60_000 }).toMatch(/^Use /);
  await press(browser, await name());
  await press(browser, 'Close');
  await isReady(browser);
  const before = await valueOf(browser, 'field-model');
  expect(before, 'the imported one').not.toBe('starter');
  expectRedApple((await paint(browser)).picture, 128);
}

/** Without a network, as a second visit: what was kept of the first opens the page, and paints. */
async function opensLink(browser: Driven, link: string): Promise<void> {
  // Words that it knows: for others it asks for a file that no earlier prompt needed.
  await browser.type(['field', 'Prompt'], 'a blue car');
  await browser.goto('about:blank');
  await browser.goto(link);
  await until(browser, 'the prompt of the link', () => document.querySelector('textarea')?.value === 'a red apple');
  await isReady(browser);
  await browser.type(['field', 'Steps'], '2');
  await paint(browser);
}
