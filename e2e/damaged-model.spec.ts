/** Model files that are missing or damaged are named, with the tensor, and the app goes on once they are whole. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { isRed, MIDDLE, readImage, shareOf } from './support/pixels';
import {
  damageFile,
  entryOf,
  lengthBytes,
  readModelFile,
  repairFile,
  withHeader,
  withTensorBytes,
} from './support/model-files';

const UNET = 'unet/diffusion_pytorch_model.safetensors';
const VAE = 'vae/diffusion_pytorch_model.safetensors';
const TEXT = 'text_encoder/model.safetensors';
const NORM = 'text_model.final_layer_norm.weight';
/** IEEE 754 half precision, little endian. */
const HALF_NAN = Buffer.from([0x00, 0x7e]);
const HALF_INFINITY = Buffer.from([0x00, 0x7c]);

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
    title: 'a file that ends within its data',
    path: UNET,
    make: (whole) => whole.subarray(0, 4_000_000),
    says: [/tensor "[a-z_.0-9]+"/, /4.?000.?000/],
  },
  {
    title: 'a file that ends within its header',
    path: VAE,
    make: (whole) => whole.subarray(0, 1000),
    says: [/header/],
  },
  { title: 'a file without a byte', path: TEXT, make: () => Buffer.alloc(0), says: [/the file is empty/] },
  {
    title: 'a header longer than the file',
    path: UNET,
    make: (whole) => Buffer.concat([lengthBytes(10n ** 15n), whole.subarray(8)]),
    says: [/header/],
  },
  {
    title: 'a header that is not JSON',
    path: VAE,
    make: (whole) => Buffer.concat([whole.subarray(0, 8), Buffer.from('<html>'), whole.subarray(14)]),
    says: [/header/],
  },
  {
    title: 'a page instead of the file',
    path: TEXT,
    make: () => Buffer.from('<!doctype html><title>Not found</title>'),
    says: [/a web page \(HTML\), not a model/],
  },
  {
    title: 'a dtype that no weight has',
    path: TEXT,
    make: (whole) => withHeader(whole, (header) => (entryOf(header, NORM).dtype = 'I16')),
    says: [new RegExp(`tensor "${NORM}"`), /I16/],
  },
  {
    title: 'a dtype that does not fit the bytes',
    path: TEXT,
    make: (whole) => withHeader(whole, (header) => (entryOf(header, NORM).dtype = 'F32')),
    says: [new RegExp(`tensor "${NORM}"`)],
  },
  {
    title: 'a missing tensor',
    path: UNET,
    make: (whole) =>
      withHeader(whole, (header) => {
        header['conv_in.kernel'] = header['conv_in.weight'];
        delete header['conv_in.weight'];
      }),
    says: [/tensor "conv_in\.weight" is missing/],
  },
  {
    title: 'bytes of no tensor',
    path: UNET,
    make: (whole) => withHeader(whole, (header) => delete header['conv_in.weight']),
    says: [/bytes between tensor "conv_in\.bias" and tensor .* are of no tensor/],
  },
  {
    title: 'a tensor of another shape',
    path: UNET,
    make: (whole) => withHeader(whole, (header) => entryOf(header, 'conv_in.weight').shape.reverse()),
    says: [/tensor "conv_in\.weight" has shape/],
  },
  {
    title: 'a weight that is not a number',
    path: TEXT,
    make: (whole) => withTensorBytes(whole, NORM, HALF_NAN),
    says: [new RegExp(`tensor "${NORM}"`), /NaN/],
  },
  {
    title: 'a weight that is infinite',
    path: VAE,
    make: (whole) => withTensorBytes(whole, 'decoder.conv_out.bias', HALF_INFINITY),
    says: [/tensor "decoder\.conv_out\.bias"/, /Infinity/],
  },
  { title: 'a config that is not JSON', path: 'unet/config.json', make: () => Buffer.from('{"a":'), says: [/JSON/] },
  { title: 'a config without its numbers', path: 'vae/config.json', make: () => Buffer.from('{}'), says: [/[a-z_]+/] },
  {
    title: 'a tokenizer of another kind',
    path: 'tokenizer/tokenizer.json',
    make: () => Buffer.from('{"model":{}}'),
    says: [/tokenizer/],
  },
];

for (const { title, path, make, says } of DAMAGES)
  test(`${title}: ${path} is named, and the next picture is made`, async ({ page }) => {
    await damageFile(page, path, make(readModelFile(path)));
    await page.goto('./');
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await app.button(page, 'Generate').click();
    await expect(app.complaint(page)).toContainText('A model file is damaged.');
    await expect(app.complaint(page)).toContainText(path);
    for (const words of says) await expect(app.complaint(page)).toContainText(words);
    await expect(app.textbox(page, 'Prompt'), 'the prompt stays').toHaveValue('a red apple');

    await repairFile(page, path);
    await app.button(page, 'Try again').click();
    await expectApple(page);
  });

test.describe('files that do not arrive', () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test('a file that the server does not have is named', async ({ page }) => {
    await page.route(`**/models/starter/${UNET}`, (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await page.goto('./');
    await expect(app.complaint(page)).toContainText('A model file is missing.');
    await expect(app.complaint(page)).toContainText(UNET);
    await repairFile(page, UNET);
    await app.fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await app.button(page, 'Generate').click();
    await expectApple(page);
  });

  test('a connection that breaks is told from a missing file', async ({ page }) => {
    await page.route(`**/models/starter/${VAE}`, (route) => route.abort('connectionreset'));
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
    await page.route(`**/models/starter/${TEXT}`, (route) => route.fulfill({ status: 503, body: 'busy' }));
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
