/** The app in a browser that Playwright does not drive: found by the names its controls have, as drive-app.mjs does. */
import { expect } from '@playwright/test';
import type { Driven, Target } from '../../tools/engines/locate.mjs';
import type { Bitmap } from './pixels';

const SLOW_MS = 120_000;

/** Waits until it holds in the page. @param what  for the report where it does not */
export async function until(browser: Driven, what: string, holds: () => boolean, timeout = SLOW_MS): Promise<void> {
  await expect.poll(() => browser.run(holds), { message: what, timeout, intervals: [50, 100, 200] }).toBe(true);
}

/** The same where it depends on a text. */
export async function sees(browser: Driven, text: string, timeout = SLOW_MS): Promise<void> {
  const isSeen = (): Promise<boolean> => browser.run((words) => document.body.innerText.includes(words), text);
  await expect.poll(isSeen, { message: `"${text}" on the page`, timeout, intervals: [50, 100, 200] }).toBe(true);
}

export const isReady = (browser: Driven): Promise<void> =>
  until(browser, 'a model is loaded', () => /Ready on/.test(document.body.innerText));

export const valueOf = (browser: Driven, id: string): Promise<string> =>
  browser.run((field) => (document.getElementById(field) as HTMLInputElement | null)?.value ?? '', id);

/** Clicks what may still be on its way. */
export async function press(browser: Driven, name: string, role: Target[0] = 'button'): Promise<void> {
  await expect(() => browser.click([role, name])).toPass({ timeout: 20_000, intervals: [50, 100, 200] });
}

interface Painted {
  facts: Record<string, string | undefined>;
  picture: Bitmap;
}

/** Presses Generate, waits for the new picture, reads its pixels. @throws Error with the page's own words */
export async function paint(browser: Driven): Promise<Painted> {
  const shown = (): Promise<string> =>
    browser.run(() => document.querySelector<HTMLElement>('section[data-picture]')?.dataset['picture'] ?? 'none');
  const before = await shown();
  await press(browser, 'Generate');
  const ended = async (): Promise<string> => {
    const alerts = await browser.run(() =>
      [...document.querySelectorAll<HTMLElement>('[role=alert]')].map((node) => node.innerText).join(' '),
    );
    expect(alerts.trim(), 'what the page complains of').toBe('');
    return shown();
  };
  await expect.poll(ended, { message: 'a new picture', timeout: SLOW_MS, intervals: [100] }).not.toBe(before);
  const facts = await browser.run(() => ({
    ...document.querySelector<HTMLElement>('section[data-picture]')?.dataset,
  }));
  return { facts, picture: await readPicture(browser) };
}

async function readPicture(browser: Driven): Promise<Bitmap> {
  await until(browser, 'the picture', () => document.querySelector('img[alt="Generated picture"]') !== null);
  const read = await browser.run(async () => {
    const image = document.querySelector<HTMLImageElement>('img[alt="Generated picture"]');
    if (!image) return undefined;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
    return { width: canvas.width, height: canvas.height, data: Array.from(pixels?.data ?? []) };
  });
  if (!read) throw new Error('No picture is shown.');
  return { ...read, data: Uint8Array.from(read.data) };
}
