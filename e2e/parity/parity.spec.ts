/**
 * Every graph against diffusers' numbers on the CPU, in a real browser. Node runs the same cases on wasm alone, and
 * e2e/lavapipe on WebGPU.
 */
import { expect, test, type Page } from '@playwright/test';
import { PARITY_CASES } from '../../src/core/networks/testing/cases';
import { MAX_RELATIVE_ERROR } from '../../src/core/networks/testing/parity';
import { openParity, record, serveParity, type ParityServer } from '../support/parity';

let server: ParityServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await serveParity();
  const opened = await openParity(browser, server.url, { provider: 'wasm' });
  expect(opened.device.provider).toBe('wasm');
  page = opened.page;
});

test.afterAll(async () => {
  await page.close();
  await server.close();
});

for (const name of Object.keys(PARITY_CASES))
  test(`${name} computes what diffusers computes`, async () => {
    const error = await page.evaluate((id) => window.runParity(id, 'float32'), name);
    record({
      kind: 'case',
      name,
      device: 'wasm',
      activations: 'float32',
      subgroups: false,
      error,
      limit: MAX_RELATIVE_ERROR,
    });
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
  });

/**
 * Both builds of ONNX Runtime take a virtual file of weights. Against the same provider with whole float weights: half
 * precision is what the file holds, so nothing may differ.
 */
test.describe('a pack', () => {
  const LIMITS = { float16: 1e-6, q4: 0.1 }; // q4 measured: 0.4 % of the text encoder’s output, 7 % of the U-Net’s

  async function expectNear(on: Page): Promise<void> {
    for (const plan of ['float16', 'q4'] as const) {
      const errors = await on.evaluate((id) => window.runPack(id, 'float32'), plan);
      expect(Object.keys(errors)).toEqual(['text_encoder', 'unet', 'vae_decoder']);
      for (const { whole } of Object.values(errors)) expect(whole).toBeLessThan(LIMITS[plan]);
    }
  }

  test('is loaded weight by weight with jspi', async () => {
    expect(await page.evaluate(() => 'Suspending' in WebAssembly)).toBe(true);
    await expectNear(page);
  });

  test('is loaded weight by weight with asyncify', async ({ browser }) => {
    const other = await openParity(browser, server.url, { provider: 'wasm', flavour: 'asyncify' });
    await expectNear(other.page);
    await other.page.close();
  });
});
