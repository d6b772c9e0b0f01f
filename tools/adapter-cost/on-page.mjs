/** Runs tools/adapter-cost/page in a Chromium whose WebGPU is lavapipe, and counts the CPU time of all its processes. */
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { chromiumArgs } from '../lib/chromium-args.mjs';
import { cpuMsBelow } from '../lib/cpu-time.mjs';
import { ROOT } from '../lib/paths.mjs';
import { lavapipeBrowser } from '../lavapipe/browser.mjs';

/** @param {import('./settings').FullSize} what @param {(line: string) => void} print @throws Error in one sentence */
export async function measureOnPage(what, print) {
  const made = await lavapipeBrowser();
  if ('problem' in made) throw new Error(made.problem);
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: '.cache/adapter-cost',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/adapter-cost/page/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: made.path, args: chromiumArgs('lavapipe') });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.exposeFunction('cpuMs', () => cpuMsBelow());
    await page.exposeFunction('print', print);
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/adapter-cost/page/index.html`);
    await page.waitForFunction(() => 'measureAdapters' in window);
    await page.evaluate((asked) => window.measureAdapters(asked), what);
  } finally {
    await browser.close();
    await server.close();
  }
}
