/** Model files that are missing or damaged are named, and the app goes on once they are whole. */
import type { Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import { addressOf, componentOf, damageFile, readModelFile, repairFile, withPack } from './support/model-files';

const PACK = 'pack.json';
const UNET = 'unet-0.bin';
const VAE = 'vae_decoder-0.bin';
const TEXT = 'text_encoder-0.bin';

interface Damage {
  title: string;
  path: string;
  /** The file as it would arrive. */
  make: (whole: Buffer) => Buffer;
  /** All of these are in the message. */
  says: RegExp[];
}

const DAMAGES: Damage[] = [
  {
    title: 'weights that end too early',
    path: UNET,
    make: (whole) => whole.subarray(0, 4_000_000),
    says: [/has 4.?000.?000 bytes instead of [\d.,]+/],
  },
  { title: 'weights without a byte', path: TEXT, make: () => Buffer.alloc(0), says: [/has 0 bytes instead of/] },
  {
    title: 'a page instead of weights',
    path: VAE,
    make: () => Buffer.from('<!doctype html><title>Not found</title>'),
    says: [/has 39 bytes instead of/],
  },
  {
    title: 'weights of another version, of the same size',
    path: UNET,
    make: (whole) => Buffer.concat([whole.subarray(1), whole.subarray(0, 1)]),
    says: [/is not what its SHA-256 says/],
  },
  { title: 'a description that is not JSON', path: PACK, make: () => Buffer.from('{"a":'), says: [/is not JSON/] },
  {
    title: 'a page instead of the description',
    path: PACK,
    make: () => Buffer.from('<!doctype html>'),
    says: [/JSON/],
  },
  {
    title: 'a description of a later version',
    path: PACK,
    make: (whole) => withPack(whole, (pack) => Object.assign(pack, { version: 99 })),
    says: [/must have version 1/],
  },
  {
    title: 'a form of weights that is none',
    path: PACK,
    make: (whole) =>
      withPack(whole, (pack) => Object.assign(componentOf(pack, 'unet').weights['conv_in.weight'], { form: 'int2' })),
    says: [/unet: weight "conv_in\.weight"/, /int2/],
  },
  {
    title: 'a weight of another shape',
    path: PACK,
    make: (whole) =>
      withPack(whole, (pack) => Object.assign(componentOf(pack, 'unet').weights['conv_in.bias'], { shape: [7] })),
    says: [/unet: weight "conv_in\.bias" has \d+ bytes of values instead of 28/],
  },
  {
    title: 'a missing weight',
    path: PACK,
    make: (whole) => withPack(whole, (pack) => delete componentOf(pack, 'unet').weights['conv_in.bias']),
    says: [/unet: weight "conv_in\.bias" is not in this model/],
  },
  {
    title: 'weights past the end of their file',
    path: PACK,
    make: (whole) =>
      withPack(whole, (pack) => void (componentOf(pack, 'unet').weights['conv_in.bias'].data.offset = 1e9)),
    says: [/unet: weight "conv_in\.bias" has its values outside of the shards/],
  },
  {
    title: 'a config without its numbers',
    path: PACK,
    make: (whole) => withPack(whole, (pack) => void (componentOf(pack, 'vae_decoder').config = {})),
    says: [/vae_decoder\/config\.json: "[a-z_]+"/],
  },
  {
    title: 'a model without its decoder',
    path: PACK,
    make: (whole) => withPack(whole, (pack) => delete pack.components.vae_decoder),
    says: [/this model has no vae_decoder/],
  },
  {
    title: 'a tokenizer of another kind',
    path: PACK,
    make: (whole) => withPack(whole, (pack) => void (pack.tokenizer = { json: { model: {} }, config: {} })),
    says: [/tokenizer/],
  },
];

for (const { title, path, make, says } of DAMAGES.filter((damage) => damage.path !== PACK))
  test(`${title}: ${path} is named, and the next picture is made`, async ({ page }) => {
    await damageFile(page, path, make(readModelFile(path)));
    await page.goto('./');
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await app.button(page, 'Generate').click();
    await expectNamed(page, says);
    await expect(app.complaint(page)).toContainText(path);
    await expect(app.textbox(page, 'Prompt'), 'the prompt stays').toHaveValue('a red apple');

    await repairFile(page, path);
    await app.button(page, 'Try again').click();
    await expectApple(page);
  });

test('each fault of a description is named, and the next picture is made', async ({ page }) => {
  const whole = readModelFile(PACK);
  for (const [i, { title, make, says }] of DAMAGES.filter((damage) => damage.path === PACK).entries())
    await test.step(title, async () => {
      if (i > 0) await repairFile(page, PACK);
      await damageFile(page, PACK, make(whole));
      if (i > 0) await app.button(page, 'Try again').click();
      else {
        await page.goto('./');
        await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
        await app.button(page, 'Generate').click();
      }
      await expectNamed(page, says);
    });
  await repairFile(page, PACK);
  await app.button(page, 'Try again').click();
  await expectApple(page);
});

async function expectNamed(page: Page, says: RegExp[]): Promise<void> {
  await expect(app.complaint(page)).toContainText('A model file is damaged.');
  for (const words of says) await expect(app.complaint(page)).toContainText(words);
}

test.describe('files that do not arrive', () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test('a file that the server does not have is named', async ({ page }) => {
    await page.route(addressOf(UNET), (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto('./');
    await expect(app.complaint(page)).toContainText('A model file is missing.');
    await expect(app.complaint(page)).toContainText(UNET);
    await repairFile(page, UNET);
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await app.button(page, 'Generate').click();
    await expectApple(page);
  });

  test('a connection that breaks is told from a missing file', async ({ page }) => {
    await page.route(addressOf(VAE), (route) => route.abort('connectionreset'));
    await page.goto('./');
    await expect(app.complaint(page)).toContainText('A file could not be fetched.');
    await expect(app.complaint(page)).toContainText(VAE);
    await repairFile(page, VAE);
    await app.button(page, 'Reload the model').click();
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await app.button(page, 'Generate').click();
    await expectApple(page);
  });

  test('a server in trouble is told too', async ({ page }) => {
    await page.route(addressOf(TEXT), (route) => route.fulfill({ status: 503, body: 'busy' }));
    await page.goto('./');
    await expect(app.complaint(page)).toContainText(TEXT);
    await expect(app.complaint(page)).toContainText('503');
  });
});

async function expectApple(page: import('@playwright/test').Page): Promise<void> {
  await expect(app.picture(page)).toBeVisible({ timeout: 0 });
  await expect(app.complaint(page)).toHaveCount(0);
  expect(shareOf(await readImage(app.picture(page)), MIDDLE, isRed), 'red pixels in the middle').toBeGreaterThan(0.6);
}
