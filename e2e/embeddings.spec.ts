/** Embeddings in the page: dropped, counted as so many tokens, painted with, written with their hash. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import * as app from '../tools/lib/drive-app.mjs';
import { embedPngText, readPictureText } from '../src/core/image/metadata';
import { gaussian } from '../src/core/weights/testing/numbers';
import { expect, test } from './support/app';
import { readImage, type Bitmap } from './support/pixels';
import { row, sheet, use } from './support/small-model';
import { TEXT_WIDTH, tinyEmbedding } from './support/tiny-adapters';
import { writeTinyModel } from './support/tiny-model';

const MODEL = 'tiny-sd15';
const VECTORS = 3;

const embedding = tinyEmbedding(5, VECTORS);

/** As A1111 saves them, with the same vectors. */
function pictureWith(name: string): Buffer {
  const values = gaussian(VECTORS * TEXT_WIDTH, 5);
  const rows = Array.from({ length: VECTORS }, (_, i) => [...values.slice(i * TEXT_WIDTH, (i + 1) * TEXT_WIDTH)]);
  const json = JSON.stringify({ name, string_to_param: { '*': { TORCHTENSOR: rows } } });
  const picture = PNG.sync.write(new PNG({ width: 8, height: 8 }));
  return Buffer.from(embedPngText(picture, 'sd-ti-embedding', Buffer.from(json).toString('base64')));
}

async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ([fileName, text]) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], fileName));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
    },
    [name, bytes.toString('base64')] as const,
  );
}

async function paint(page: Page, prompt: string, negative = ''): Promise<Bitmap> {
  await app.fillRecipe(page, { prompt, negative, seed: 11, steps: 2, cfg: 5, width: 128, height: 128 });
  await app.generatePicture(page);
  return readImage(app.picture(page));
}

const isSame = (one: Bitmap, other: Bitmap): boolean => Buffer.from(one.data).equals(Buffer.from(other.data));

test('an embedding is dropped, counted and painted with in both prompts, and is words again once it is removed', async ({
  page,
}, info) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  await sheet(page)
    .getByLabel('Model folder')
    .setInputFiles(writeTinyModel('sd15', info.outputPath(MODEL)));
  await expect(use(page, MODEL)).toBeVisible({ timeout: 120_000 });
  await use(page, MODEL).click();
  await page.keyboard.press('Escape');
  await app.textbox(page, 'Prompt').fill('sparkle');
  await expect(page.locator('#field-prompt-tokens')).toContainText('of 75 tokens');
  await expect(page.locator('#field-prompt-tokens')).not.toContainText(`${VECTORS} of`);
  const words = await paint(page, 'a cat, sparkle');
  const negativeWords = await paint(page, 'a cat', 'sparkle');

  await drop(page, 'sparkle.safetensors', embedding);
  await expect(row(page, 'sparkle')).toContainText(`${VECTORS} `);
  await page.keyboard.press('Escape');
  await app.textbox(page, 'Prompt').fill('sparkle');
  await expect(page.locator('#field-prompt-tokens')).toContainText(`${VECTORS} of 75 tokens`);
  const changed = await paint(page, 'a cat, Sparkle');
  expect(isSame(changed, words)).toBe(false);
  const saved = await (await app.savePng(page)).path();
  const { texts } = readPictureText(new Uint8Array(readFileSync(saved)));
  const hash = createHash('sha256').update(embedding).digest('hex').slice(0, 12);
  expect(texts['parameters']).toContain(`TI hashes: "sparkle: ${hash}"`);
  expect(isSame(await paint(page, 'a cat', 'sparkle'), negativeWords)).toBe(false);

  await app.button(page, 'Models').first().click();
  await row(page, 'sparkle').getByRole('button', { name: 'Remove sparkle' }).click();
  await page.keyboard.press('Escape');
  expect(isSame(await paint(page, 'a cat, sparkle'), words)).toBe(true);

  await drop(page, 'any.png', pictureWith('glitter'));
  await page
    .getByRole('dialog', { name: 'A picture' })
    .or(page.getByRole('dialog', { name: 'An embedding' }))
    .waitFor();
  await app.button(page, 'Add the embedding').click();
  await expect(row(page, 'glitter')).toContainText(`${VECTORS} `);
  await page.keyboard.press('Escape');
  expect(isSame(await paint(page, 'a cat, glitter'), changed)).toBe(true);
});

test('an embedding that is hidden in the pixels of a WebP is offered, and kept under the name in it', async ({
  page,
}) => {
  await page.goto('./?provider=wasm');
  await expect(page.getByText('Ready on the CPU')).toBeVisible(); // nothing hears a drop before the page is there
  const hidden = new URL('../src/core/adapters/fixtures/embeddings/hidden.webp', import.meta.url);
  await drop(page, 'what.webp', readFileSync(hidden));
  const offer = page.getByRole('dialog', { name: 'An embedding' });
  await expect(offer).toContainText('The embedding “hidden” lies in this picture: 1 token for SD 1.5.');
  await app.button(page, 'Add the embedding').click();
  await expect(row(page, 'hidden')).toContainText('Embedding for SD 1.5 · 1 token');
});
