/** `node tools/memory.mjs`: the memory that graphs are computed to take, beside what Chromium's WebGPU is asked for. */
import { createServer } from 'vite';
import { chromium } from '@playwright/test';
import { chromiumArgs } from './lib/chromium-args.mjs';
import { findBrowser } from './lib/browser.mjs';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { ROOT } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { COUNT_CASES } = /** @type {typeof import('./memory/count-cases')} */ (
  await loadTypeScript('tools/memory/count-cases.ts')
);
const server = await createServer({
  configFile: false,
  root: ROOT,
  cacheDir: '.cache/memory',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/memory/index.html'] },
  logLevel: 'error',
});
await server.listen();
const args = [...chromiumArgs('swiftshader'), '--disable-gpu-watchdog'];
const browser = await chromium.launch({ executablePath: await findBrowser({ mayInstall: false }), args });
const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
try {
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/memory/index.html`);
  await page.waitForFunction(() => 'countMemory' in window);
  console.log('| graph | weights | counted | alive at once | buffers | counted, first run | second |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, one] of Object.entries(COUNT_CASES)) {
    const { weights, live, pooled, counted } = await page.evaluate((given) => window.countMemory(given), one);
    const figures = [weights, counted.session, live, pooled, counted.first, counted.second].map(megabytes);
    console.log(`| ${name} | ${figures.join(' | ')} |`);
  }
} finally {
  await browser.close();
  await server.close();
}
