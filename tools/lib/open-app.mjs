/** Serves the built app and opens it in a headless Chromium: what the picture tools share. */
import { chromium } from '@playwright/test';
import { findBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { chromiumArgs } from './chromium-args.mjs';
import { DIST } from './paths.mjs';
import { beginPlain } from './plain-form.mjs';
import { serve } from './serve.mjs';

/** @typedef {'auto' | 'webgpu' | 'wasm'} Provider */
/** @typedef {{ page: import('@playwright/test').Page, close: () => Promise<void> }} OpenApp */

/**
 * `webgpu` takes the GPU, or software WebGPU where there is none; `auto` takes the GPU, or the CPU where there is none:
 * software WebGPU is many times slower than wasm.
 *
 * @param {object} [options]
 * @param {Provider} [options.provider]
 * @param {import('@playwright/test').BrowserContextOptions} [options.context]  viewport, colour scheme
 * @param {boolean} [options.enlarges]  the built-in model's pictures come enlarged, as with a newcomer; else as they are painted
 * @returns {Promise<OpenApp>}
 * @throws Error in one sentence where there is no build or no browser
 */
export async function openApp({ provider = 'auto', context, enlarges = false } = {}) {
  if (!(await ensureBuilt())) throw new Error('The app could not be built, see above.');
  const executablePath = await findBrowser({ mayInstall: true });
  const server = await serve({ dir: DIST, port: 0 });
  const browser = await launch(executablePath, provider, server.url);
  const page = await browser.newPage({ serviceWorkers: 'block', ...context });
  if (!enlarges) await beginPlain(page);
  await page.goto(`${server.url}?provider=${provider}`);
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { page, close };
}

/** @param {string} executablePath @param {Provider} provider @param {string} url */
async function launch(executablePath, provider, url) {
  if (provider === 'wasm') return chromium.launch({ executablePath, args: chromiumArgs('none') });
  const browser = await chromium.launch({ executablePath, args: chromiumArgs('any') });
  if (provider === 'webgpu' || (await hasGpu(browser, url))) return browser;
  await browser.close();
  return chromium.launch({ executablePath, args: chromiumArgs('none') });
}

/** False where WebGPU is missing or software. @param {import('@playwright/test').Browser} browser @param {string} url */
async function hasGpu(browser, url) {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  try {
    // Any page of the server does: WebGPU is given to secure origins only.
    await page.goto(new URL('manifest.webmanifest', url).href);
    return await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter();
      return adapter ? !adapter.info.isFallbackAdapter && adapter.info.architecture !== 'swiftshader' : false;
    });
  } finally {
    await page.close();
  }
}
