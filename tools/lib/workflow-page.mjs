/** Runs workflows in a page that is nothing but the engine (tools/workflow-page): what of Gesso other pages have. */
import { chromium } from '@playwright/test';
import { PNG } from 'pngjs';
import { createServer } from 'vite';
import { findBrowser } from './browser.mjs';
import { chromiumArgs } from './chromium-args.mjs';
import { ROOT } from './paths.mjs';

/** @typedef {import('../workflow-page/workflow-page').PaintedWorkflow} PaintedWorkflow */

/** As the app's own server: cross-origin isolation gives wasm its threads. */
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * @param {object} workflow @param {import('./open-app.mjs').Provider} provider
 * @param {import('../workflow-page/workflow-page').Given} given  what it names
 * @returns {Promise<Omit<PaintedWorkflow, 'images'> & { pngs: Buffer[] }>}
 * @throws Error in one sentence
 */
export async function runWorkflow(workflow, provider, given = {}) {
  const executablePath = await findBrowser({ mayInstall: true });
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: '.cache/workflow-page',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null, headers: HEADERS },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/workflow-page/index.html'] },
    worker: { format: 'es' },
    logLevel: 'error',
  });
  await server.listen();
  const gpu = provider === 'wasm' ? 'none' : 'any';
  const browser = await chromium.launch({ executablePath, args: chromiumArgs(gpu) });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}tools/workflow-page/index.html`);
    await page.waitForFunction(() => 'runWorkflow' in window);
    const { images: made, ...rest } = await page
      .evaluate(({ asked, on, named }) => window.runWorkflow(asked, on, named), {
        asked: /** @type {import('../../src/index').Workflow} */ (workflow),
        on: provider,
        named: given,
      })
      .catch((error) => {
        throw new Error(plain(error));
      });
    return { ...rest, pngs: made.map(toPng) };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Playwright adds where it was thrown. @param {unknown} error */
function plain(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split('\n')[0]
    .replace(/^page\.evaluate: /, '')
    .replace(/^[a-z-]+: |^Error: /, '');
}

/** @param {import('../workflow-page/workflow-page').PaintedImage} image */
function toPng({ width, height, data }) {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data, 'base64');
  return PNG.sync.write(png);
}
