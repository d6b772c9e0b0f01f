/** What the self-test says of sound and damaged devices, and what mended shaders compute, in a real browser. */
import { expect, test, type Page } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { PARITY_CASES } from '../../src/core/networks/testing/cases';
import { MAX_RELATIVE_ERROR } from '../../src/core/networks/testing/parity';
import type { GpuOptions } from '../../src/platform/gpu/device';
import { needsLavapipe, needsTime } from '../support/lavapipe';
import type { CaseResult, Damage } from './device/device-page';

needsLavapipe();
needsTime();

let server: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await createServer({
    configFile: false,
    root: new URL('../..', import.meta.url).pathname,
    cacheDir: '.cache/device',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['e2e/lavapipe/device/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}e2e/lavapipe/device/index.html`);
  await page.waitForFunction(() => 'runCases' in window);
});

test.afterAll(async () => {
  await page.close();
  await server.close();
});

test.setTimeout(10 * 60_000); // the CPU compiles each shader, attention for most of a minute

const open = (options: GpuOptions = {}, damage: Damage = {}) =>
  page.evaluate(([o, d]) => window.openGpuDevice(o, d), [options, damage] as const);

const runCases = (activations: 'float32' | 'float16', names: string[]): Promise<CaseResult[]> =>
  page.evaluate(([a, n]) => window.runCases(a, n), [activations, names] as const);

/** 4 where each turn begins at zero; 10 where the variable keeps what it had. */
const LOOP = `@group(0) @binding(0) var<storage, read_write> out : array<f32>;
@compute @workgroup_size(1) fn main() {
  var s = 0.0;
  for (var i = 0; i < 4; i++) { var a : f32; a += 1.0; s += a; }
  out[0] = s;
}`;

test('a mended shader begins each turn of a loop at zero', async () => {
  await open();
  expect(await page.evaluate((code) => window.runShader(code, 1), LOOP)).toEqual([4]);
  await open({}, { unmended: true });
  const [unmended] = await page.evaluate((code) => window.runShader(code, 1), LOOP);
  console.log(unmended === 4 ? 'This browser needs no mending of loops.' : `Unmended it gives ${unmended}.`);
  expect([4, 10]).toContain(unmended);
});

test('fast attention is right, or found wrong', async () => {
  const { subgroups, features } = await open({ subgroups: true });
  expect(features).toContain('subgroups');
  const [fast] = await runCases('float32', ['attention in a text']);
  // ONNX Runtime's kernel asks for 8 lanes without a word; SwiftShader has 4.
  if (subgroups[0] >= 8) expect(fast.error).toBeLessThan(1e-5);
  else expect(fast.error).toBeGreaterThan(0.03);
  await open({ subgroups: false });
  const [plain] = await runCases('float32', ['attention in a text']);
  expect(plain.error).toBeLessThan(1e-5);
});

test('a kernel that computes otherwise is found', async () => {
  const names = ['matrices', 'group normalisation', 'layer normalisation'];
  await open({ subgroups: false });
  for (const { error } of await runCases('float32', names)) expect(error).toBeLessThan(1e-5);
  // one factor of four is its neighbour's
  await open({ subgroups: false }, { altered: { where: 'rowPerThread', find: 'ACached.w', put: 'ACached.z' } });
  const [matrices, ...others] = await runCases('float32', names);
  expect(matrices.error).toBeGreaterThan(1e-2);
  for (const { error } of others) expect(error).toBeLessThan(1e-5);
  await open({ subgroups: false }, { altered: { where: 'rowPerThread', find: 'fn main', put: 'fn nonsense(' } });
  const [broken, ...sound] = await runCases('float32', names);
  expect(broken.failure).toMatch(/^ONNX Runtime failed while running/);
  for (const { error } of sound) expect(error).toBeLessThan(1e-5);
});

test('GPU memory is counted: sessions give back what they took', async () => {
  await open({ subgroups: false });
  const before = await page.evaluate(() => window.gpuMemory());
  await runCases('float32', ['matrices']);
  const after = await page.evaluate(() => window.gpuMemory());
  expect(after.peakBytes).toBeGreaterThan(2 * 77 * (320 + 192) * 4 + 320 * 192 * 4); // inputs, output, weights
  expect(after.aliveBytes - before.aliveBytes).toBeLessThan(1 << 20);
});

test.describe('with the least limits that WebGPU promises', () => {
  // a network of each kind; all of them with GESSO_ALL_LIMITS=1
  const few = ['clip-l', 'unet-sd15', 'autoencoder'].flatMap(
    (start) => Object.keys(PARITY_CASES).find((name) => name.startsWith(start)) ?? [],
  );
  for (const name of process.env['GESSO_ALL_LIMITS'] ? Object.keys(PARITY_CASES) : few)
    test(`${name} computes what diffusers computes`, async () => {
      await open({ subgroups: false, limits: 'least' });
      const limits = await page.evaluate(() => window.deviceLimits());
      expect(limits).toEqual({ maxStorageBufferBindingSize: 128 * 2 ** 20, maxStorageBuffersPerShaderStage: 8 });
      expect(await page.evaluate((id) => window.runParityCase(id), name)).toBeLessThan(MAX_RELATIVE_ERROR);
    });
});
