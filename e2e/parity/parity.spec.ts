/** Every graph against diffusers' numbers on both providers, in a real browser. Node runs the same cases on wasm alone. */
import { expect, test, type Page } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { PARITY_CASES } from '../../src/core/models/testing/cases';
import { MAX_RELATIVE_ERROR } from '../../src/core/models/testing/parity';

let server: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await createServer({
    configFile: false,
    root: new URL('../..', import.meta.url).pathname,
    cacheDir: '.cache/parity',
    server: { port: 0, host: '127.0.0.1' },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['e2e/parity/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}e2e/parity/index.html`);
  await page.waitForFunction(() => 'runParity' in window);
});

test.afterAll(async () => {
  await page.close();
  await server.close();
});

for (const name of Object.keys(PARITY_CASES))
  test(`${name} computes what diffusers computes`, async () => {
    test.setTimeout(180_000); // SwiftShader compiles each shader on the CPU
    const provider = test.info().project.name === 'webgpu' ? 'webgpu' : 'wasm';
    const run = ([id, on]: [string, 'webgpu' | 'wasm']) => window.runParity(id, on);
    const { device, error } = await page.evaluate(run, [name, provider] as [string, 'webgpu' | 'wasm']);
    expect(device.provider).toBe(provider);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
  });

/**
 * Both builds of ONNX Runtime take a virtual file of weights: the one with JSPI, and the one for browsers without.
 * Against the same provider with whole float weights: half precision is what the file holds, so nothing may differ.
 */
test.describe('a pack', () => {
  const LIMITS = { float16: 1e-6, q4: 0.1 }; // q4 measured: 0.4 % of the text encoder’s output, 7 % of the U-Net’s

  for (const flavour of ['jspi', 'asyncify'])
    test(`is loaded weight by weight with ${flavour}`, async ({ browser }) => {
      test.setTimeout(180_000);
      const other = await browser.newPage();
      if (flavour === 'asyncify') await other.addInitScript(() => Reflect.deleteProperty(WebAssembly, 'Suspending'));
      await other.goto(page.url());
      await other.waitForFunction(() => 'runPack' in window);
      expect(await other.evaluate(() => 'Suspending' in WebAssembly)).toBe(flavour === 'jspi');
      const provider = test.info().project.name === 'webgpu' ? 'webgpu' : 'wasm';
      for (const plan of ['float16', 'q4'] as const) {
        const run = ([id, on]: ['float16' | 'q4', 'webgpu' | 'wasm']) => window.runPack(id, on);
        const errors = await other.evaluate(run, [plan, provider] as ['float16' | 'q4', 'webgpu' | 'wasm']);
        expect(Object.keys(errors)).toEqual(['text_encoder', 'unet']);
        for (const error of Object.values(errors)) expect(error).toBeLessThan(LIMITS[plan]);
      }
      await other.close();
    });
});
